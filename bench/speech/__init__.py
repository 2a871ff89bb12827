"""Speech of espeak-ng through a telephone line, and what is made of it."""
