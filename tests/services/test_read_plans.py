"""Contract, section 5: with the snapshot in place the cost of a read does not grow with the length of the history."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from services.inventory import ledger
from tests.services.world import Person, World, new_id

# A day of one player is some pages; the history written here is thousands.
FEW_PAGES = 60
OTHERS, ROWS_OF_OTHERS, ROWS = 300, 300, 100_000
_HISTORY = """
INSERT INTO inventory.operations (user_id, section_id, item_id, collection_id, quality_level_id, quantity_change,
                                  operation_type_id, operation_id, created_at)
SELECT u.id, inventory.code_id('inventory_section', 'main'), i.id, inventory.code_id('collection', 'base'),
       inventory.code_id('quality_level', 'base'), 1, inventory.code_id('operation_type', 'chest_reward'),
       gen_random_uuid(), date_trunc('day', now(), 'UTC') - n * interval '10 seconds'
FROM unnest(%s::uuid[]) AS u (id) CROSS JOIN generate_series(1, %s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM inventory.items) AS i ON i.place = n %% 20
"""


@pytest.fixture(scope="module")
def veteran(world: World) -> Iterator[str]:
    """Somebody with a long history among players with shorter ones: the planner knows no more than their average."""
    user, others = new_id(), [new_id() for _ in range(OTHERS)]
    world.rows("SET session_replication_role = replica")
    world.rows(_HISTORY, [user], ROWS)
    world.rows(_HISTORY, others, ROWS_OF_OTHERS)
    # Only what is vacuumed can be read from an index alone, which is what tempts the planner.
    world.rows("VACUUM ANALYZE inventory.operations")
    yield user
    world.rows("DELETE FROM inventory.operations WHERE user_id = ANY (%s::uuid[])", [user, *others])
    world.rows("SET session_replication_role = origin")
    world.rows("VACUUM ANALYZE inventory.operations")


def pages_read(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


@pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan"])
def test_today_is_read_without_the_history_before_it(world: World, player: Person, veteran: str, mode: str) -> None:
    section = world.rows("SELECT inventory.code_id('inventory_section', 'main')::text")[0][0]
    users = f"ARRAY['{veteran}', '{player.id}']::uuid[]"
    day = "date_trunc('day', now(), 'UTC')"
    values = f"{users}, ARRAY['{section}', '{section}']::uuid[], ARRAY[{day}, {day}]"
    world.rows(f"SET plan_cache_mode = {mode}")
    try:
        world.rows(f"PREPARE read_today AS {re.sub(r'%', '%%', ledger.READ_TODAY)}")
        explained = world.rows(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE read_today({values})")
    finally:
        world.rows("DEALLOCATE ALL")
        world.rows("RESET plan_cache_mode")
    assert pages_read(explained[0][0][0]["Plan"]) < FEW_PAGES, explained[0][0][0]
