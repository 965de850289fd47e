-- Catalogue data (contract, section 5). Safe to run again: it adds what is missing and changes nothing.
-- The suites' keyword `Seed Classifiers` runs this same file.

INSERT INTO inventory.classifiers (code, description) VALUES
    ('inventory_section', 'Where a player keeps an item'),
    ('operation_type', 'Why a ledger row was written'),
    ('item_class', 'Broad kind of an item'),
    ('quality_level', 'Quality of an item'),
    ('collection', 'Seasonal collection of an item'),
    ('resource_type', 'Resources'),
    ('reagent_type', 'Reagents'),
    ('booster_type', 'Boosters'),
    ('tool_type', 'Tools, and the blueprints that make them'),
    ('key_type', 'Keys'),
    ('currency_type', 'Currencies')
ON CONFLICT (code) DO NOTHING;

INSERT INTO inventory.classifier_items (classifier_id, code, description)
SELECT c.id, v.code, initcap(replace(v.code, '_', ' '))
FROM (VALUES
    ('inventory_section', ARRAY['main', 'factory', 'trade']),
    ('operation_type', ARRAY['chest_reward', 'craft_result', 'trade_sale', 'trade_purchase', 'admin_adjustment',
        'system_reward', 'system_penalty', 'daily_quest_reward', 'factory_reservation', 'factory_return',
        'factory_consumption', 'trade_listing', 'trade_delisting']),
    ('item_class', ARRAY['resources', 'reagents', 'boosters', 'blueprints', 'tools', 'keys', 'currencies']),
    ('quality_level', ARRAY['base', 'wooden', 'stone', 'metal', 'diamond', 'small', 'medium', 'large']),
    ('collection', ARRAY['base', 'winter_2025', 'spring_2025', 'summer_2025', 'autumn_2025']),
    ('resource_type', ARRAY['stone', 'wood', 'ore', 'diamond']),
    ('reagent_type', ARRAY['abrasive', 'disc', 'inductor', 'paste']),
    ('booster_type', ARRAY['repair_tool', 'speed_processing', 'speed_crafting']),
    ('tool_type', ARRAY['shovel', 'sickle', 'axe', 'pickaxe']),
    ('key_type', ARRAY['key', 'blueprint_key']),
    ('currency_type', ARRAY['diamonds'])
) AS list (classifier, codes)
CROSS JOIN LATERAL unnest(list.codes) AS v (code)
JOIN inventory.classifiers c ON c.code = list.classifier
ON CONFLICT (classifier_id, code) DO NOTHING;

INSERT INTO inventory.items (item_class_id, item_type_id, quality_levels_classifier_id, collections_classifier_id)
SELECT class.id, type.id, quality.id, collection.id
FROM (VALUES
    ('resources', 'resource_type'),
    ('reagents', 'reagent_type'),
    ('boosters', 'booster_type'),
    ('blueprints', 'tool_type'),
    ('tools', 'tool_type'),
    ('keys', 'key_type'),
    ('currencies', 'currency_type')
) AS kind (class_code, type_list)
JOIN inventory.classifiers classes ON classes.code = 'item_class'
JOIN inventory.classifier_items class ON class.classifier_id = classes.id AND class.code = kind.class_code
JOIN inventory.classifiers types ON types.code = kind.type_list
JOIN inventory.classifier_items type ON type.classifier_id = types.id
JOIN inventory.classifiers quality ON quality.code = 'quality_level'
JOIN inventory.classifiers collection ON collection.code = 'collection'
WHERE NOT EXISTS (
    SELECT 1 FROM inventory.items known WHERE known.item_class_id = class.id AND known.item_type_id = type.id
);

-- One picture of every item's standard variant, and one for each quality a tool or a key comes in.
INSERT INTO inventory.item_images (item_id, collection_id, quality_level_id, image_url)
SELECT i.id, collection.id, quality.id,
       format('https://static.shardlegends.example/items/%s/%s/%s.png', class.code, type.code, quality.code)
FROM inventory.items i
JOIN inventory.classifier_items class ON class.id = i.item_class_id
JOIN inventory.classifier_items type ON type.id = i.item_type_id
JOIN inventory.classifier_items collection
    ON collection.classifier_id = i.collections_classifier_id AND collection.code = 'base'
JOIN inventory.classifier_items quality ON quality.classifier_id = i.quality_levels_classifier_id
WHERE quality.code = 'base'
   OR (class.code IN ('tools', 'blueprints') AND quality.code IN ('wooden', 'stone', 'metal', 'diamond'))
   OR (class.code = 'keys' AND quality.code IN ('small', 'medium', 'large'))
ON CONFLICT (item_id, collection_id, quality_level_id) DO NOTHING;
