-- The catalogue as TARGET_CATALOGUE_FILE wants it: psql --tuples-only --no-align --file deploy/catalogue.sql
-- An item that comes in other quality levels or collections than the general ones, or in none, has lists of its own.
WITH codes AS (
    SELECT c.id, c.code, coalesce(json_agg(i.code ORDER BY i.code) FILTER (WHERE i.code IS NOT NULL), '[]') AS list
    FROM inventory.classifiers c LEFT JOIN inventory.classifier_items i ON i.classifier_id = c.id
    GROUP BY c.id, c.code
)
SELECT json_strip_nulls(json_build_object(
    'quality_levels', (SELECT list FROM codes WHERE code = 'quality_level'),
    'collections', (SELECT list FROM codes WHERE code = 'collection'),
    'items', (
        SELECT json_agg(json_build_object(
            'item_id', i.id,
            'item_class', class.code,
            'item_type', type.code,
            'quality_levels',
            CASE WHEN quality.code IS DISTINCT FROM 'quality_level' THEN coalesce(quality.list, '[]') END,
            'collections',
            CASE WHEN season.code IS DISTINCT FROM 'collection' THEN coalesce(season.list, '[]') END
        ) ORDER BY class.code, type.code)
        FROM inventory.items i
        JOIN inventory.classifier_items class ON class.id = i.item_class_id
        JOIN inventory.classifier_items type ON type.id = i.item_type_id
        LEFT JOIN codes quality ON quality.id = i.quality_levels_classifier_id
        LEFT JOIN codes season ON season.id = i.collections_classifier_id
    )
));
