"""Names have the documented forms and are never minted twice."""

import re

import pytest

from callwright.domain.ids import IdMint, refs_from


def mint(boot_epoch: int = 1366641192) -> IdMint:
    return IdMint("2e891aea", "049136ca36e44662", boot_epoch)


def test_references_of_one_request_are_consecutive() -> None:
    assert mint().service_refs(2) == ["2e891aea_0.1366641192.1", "2e891aea_0.1366641192.2"]


def test_references_of_one_request_follow_from_the_first() -> None:
    names = mint()
    names.service_refs(8)
    refs = names.service_refs(3)
    assert refs_from(refs[0], 3) == refs


def test_instances_and_calls_share_the_hex_part() -> None:
    names = mint()
    assert re.fullmatch(r"049136ca36e44662\.\d+", names.instance_id())
    assert re.fullmatch(r"049136ca36e44662\.\d+\.914358273", names.call_id(914358273))


def test_nothing_is_minted_twice() -> None:
    names = mint()
    minted: list[str] = [*names.service_refs(500), *names.service_refs(500)]
    minted += [names.instance_id() for _ in range(500)]
    minted += [names.call_id(7) for _ in range(500)]
    minted += mint(boot_epoch=1366641193).service_refs(500)
    assert len(set(minted)) == len(minted)


@pytest.mark.parametrize(("node", "boot"), [("2e89", "049136ca36e44662"), ("2e891aea", "04")])
def test_refuses_parts_that_print_otherwise(node: str, boot: str) -> None:
    with pytest.raises(ValueError, match="8 and 16 hex digits expected"):
        IdMint(node, boot, 1)
