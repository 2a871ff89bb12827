"""HTTP towards customers: their application pages."""
