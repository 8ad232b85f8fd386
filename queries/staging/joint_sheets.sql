-- The quarterly sheet of five departments by year. A stock (patents, marks, towns, grids …) is that of the
-- last quarter in which every part of the unit has it, both figures of a share from one quarter; a flow
-- (vouchers, cases, amounts) is the sum of four quarters, and missing without one of them. Courts and grids
-- have no rows for zones: there a county is its parts without the zone, and a zone has no figure. A quarter
-- without cases adds none to their days. Sums of parts stand in where no row of the county itself came.
-- grain: unit, year
WITH own_parts AS (
    SELECT m.partition, m.counts_as AS scope, COUNT(*) AS parts
    FROM reference.memberships AS m
    JOIN reference.units AS u ON u.id = m.unit
    WHERE u.kind <> 'zone'
    GROUP BY m.partition, m.counts_as
),
rows_of_units AS (
    SELECT
        s.scope AS unit,
        j.partition,
        j.period,
        s.parts,
        COALESCE(o.parts, 0) AS own_parts,
        u.kind <> 'zone' AS is_own,
        j.sme_invention_patents,
        j.valid_trademarks,
        j.certified_enterprises,
        j.land_by_data,
        CASE WHEN j.towns_with_centre IS NOT NULL THEN j.key_towns END AS key_towns,
        CASE WHEN j.key_towns IS NOT NULL THEN j.towns_with_centre END AS towns_with_centre,
        CASE WHEN j.voucher_used IS NOT NULL THEN j.voucher_issued END AS voucher_issued,
        CASE WHEN j.voucher_issued IS NOT NULL THEN j.voucher_used END AS voucher_used,
        CASE WHEN j.grids_with_adviser IS NOT NULL THEN j.grids END AS grids,
        CASE WHEN j.grids IS NOT NULL THEN j.grids_with_adviser END AS grids_with_adviser,
        CASE WHEN j.exec_recovered IS NOT NULL THEN j.exec_claimed END AS exec_claimed,
        CASE WHEN j.exec_claimed IS NOT NULL THEN j.exec_recovered END AS exec_recovered,
        CASE
            WHEN j.commercial_closed = 0 OR j.commercial_days IS NOT NULL THEN j.commercial_closed
        END AS commercial_closed,
        CASE
            WHEN j.commercial_closed = 0 THEN CAST(0 AS DECIMAL(38, 6))
            ELSE CAST(j.commercial_closed * j.commercial_days AS DECIMAL(38, 6))
        END AS commercial_case_days
    FROM extracts.joint_sheet AS j
    JOIN staging.scopes AS s ON s.partition = j.partition AND s.unit = j.unit
    JOIN reference.units AS u ON u.id = j.unit
    LEFT JOIN own_parts AS o ON o.partition = s.partition AND o.scope = s.scope
    WHERE j._of_which IS NULL OR s.scope = j.unit
),
sums AS (
    SELECT
        unit,
        partition,
        period,
        CASE
            WHEN COUNT(sme_invention_patents) = MAX(parts) THEN SUM(sme_invention_patents)
        END AS sme_invention_patents,
        CASE WHEN COUNT(valid_trademarks) = MAX(parts) THEN SUM(valid_trademarks) END AS valid_trademarks,
        CASE
            WHEN COUNT(certified_enterprises) = MAX(parts) THEN SUM(certified_enterprises)
        END AS certified_enterprises,
        CASE WHEN COUNT(land_by_data) = MAX(parts) THEN SUM(land_by_data) END AS land_by_data,
        CASE WHEN COUNT(key_towns) = MAX(parts) THEN SUM(key_towns) END AS key_towns,
        CASE WHEN COUNT(key_towns) = MAX(parts) THEN SUM(towns_with_centre) END AS towns_with_centre,
        CASE WHEN COUNT(voucher_issued) = MAX(parts) THEN SUM(voucher_issued) END AS voucher_issued,
        CASE WHEN COUNT(voucher_issued) = MAX(parts) THEN SUM(voucher_used) END AS voucher_used,
        CASE
            WHEN COUNT(grids) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(grids) FILTER (WHERE is_own)
        END AS grids,
        CASE
            WHEN COUNT(grids) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(grids_with_adviser) FILTER (WHERE is_own)
        END AS grids_with_adviser,
        CASE
            WHEN COUNT(exec_claimed) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(exec_claimed) FILTER (WHERE is_own)
        END AS exec_claimed,
        CASE
            WHEN COUNT(exec_claimed) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(exec_recovered) FILTER (WHERE is_own)
        END AS exec_recovered,
        CASE
            WHEN COUNT(commercial_closed) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(commercial_closed) FILTER (WHERE is_own)
        END AS commercial_closed,
        CASE
            WHEN COUNT(commercial_closed) FILTER (WHERE is_own) = MAX(own_parts)
                THEN SUM(commercial_case_days) FILTER (WHERE is_own)
        END AS commercial_case_days
    FROM rows_of_units
    GROUP BY unit, partition, period
),
quarters AS (
    SELECT
        unit,
        CAST(substr(period, 1, 4) AS BIGINT) AS "year",
        substr(period, 6, 2) AS quarter,
        COALESCE(
            MAX(sme_invention_patents) FILTER (WHERE partition = 'p12'),
            MAX(sme_invention_patents)
        ) AS sme_invention_patents,
        COALESCE(
            MAX(valid_trademarks) FILTER (WHERE partition = 'p12'),
            MAX(valid_trademarks)
        ) AS valid_trademarks,
        COALESCE(
            MAX(certified_enterprises) FILTER (WHERE partition = 'p12'),
            MAX(certified_enterprises)
        ) AS certified_enterprises,
        COALESCE(MAX(land_by_data) FILTER (WHERE partition = 'p12'), MAX(land_by_data)) AS land_by_data,
        COALESCE(MAX(key_towns) FILTER (WHERE partition = 'p12'), MAX(key_towns)) AS key_towns,
        COALESCE(
            MAX(towns_with_centre) FILTER (WHERE partition = 'p12'),
            MAX(towns_with_centre)
        ) AS towns_with_centre,
        COALESCE(MAX(voucher_issued) FILTER (WHERE partition = 'p12'), MAX(voucher_issued)) AS voucher_issued,
        COALESCE(MAX(voucher_used) FILTER (WHERE partition = 'p12'), MAX(voucher_used)) AS voucher_used,
        COALESCE(MAX(grids) FILTER (WHERE partition = 'p12'), MAX(grids)) AS grids,
        COALESCE(
            MAX(grids_with_adviser) FILTER (WHERE partition = 'p12'),
            MAX(grids_with_adviser)
        ) AS grids_with_adviser,
        COALESCE(MAX(exec_claimed) FILTER (WHERE partition = 'p12'), MAX(exec_claimed)) AS exec_claimed,
        COALESCE(MAX(exec_recovered) FILTER (WHERE partition = 'p12'), MAX(exec_recovered)) AS exec_recovered,
        COALESCE(
            MAX(commercial_closed) FILTER (WHERE partition = 'p12'),
            MAX(commercial_closed)
        ) AS commercial_closed,
        COALESCE(
            MAX(commercial_case_days) FILTER (WHERE partition = 'p12'),
            MAX(commercial_case_days)
        ) AS commercial_case_days
    FROM sums
    GROUP BY unit, period
)
SELECT
    unit,
    "year",
    COALESCE(
        MAX(sme_invention_patents) FILTER (WHERE quarter = 'Q4'),
        MAX(sme_invention_patents) FILTER (WHERE quarter = 'Q3'),
        MAX(sme_invention_patents) FILTER (WHERE quarter = 'Q2'),
        MAX(sme_invention_patents) FILTER (WHERE quarter = 'Q1')
    ) AS sme_invention_patents,
    COALESCE(
        MAX(valid_trademarks) FILTER (WHERE quarter = 'Q4'),
        MAX(valid_trademarks) FILTER (WHERE quarter = 'Q3'),
        MAX(valid_trademarks) FILTER (WHERE quarter = 'Q2'),
        MAX(valid_trademarks) FILTER (WHERE quarter = 'Q1')
    ) AS valid_trademarks,
    COALESCE(
        MAX(certified_enterprises) FILTER (WHERE quarter = 'Q4'),
        MAX(certified_enterprises) FILTER (WHERE quarter = 'Q3'),
        MAX(certified_enterprises) FILTER (WHERE quarter = 'Q2'),
        MAX(certified_enterprises) FILTER (WHERE quarter = 'Q1')
    ) AS certified_enterprises,
    COALESCE(
        MAX(land_by_data) FILTER (WHERE quarter = 'Q4'),
        MAX(land_by_data) FILTER (WHERE quarter = 'Q3'),
        MAX(land_by_data) FILTER (WHERE quarter = 'Q2'),
        MAX(land_by_data) FILTER (WHERE quarter = 'Q1')
    ) AS land_by_data,
    COALESCE(
        MAX(key_towns) FILTER (WHERE quarter = 'Q4'),
        MAX(key_towns) FILTER (WHERE quarter = 'Q3'),
        MAX(key_towns) FILTER (WHERE quarter = 'Q2'),
        MAX(key_towns) FILTER (WHERE quarter = 'Q1')
    ) AS key_towns,
    COALESCE(
        MAX(towns_with_centre) FILTER (WHERE quarter = 'Q4'),
        MAX(towns_with_centre) FILTER (WHERE quarter = 'Q3'),
        MAX(towns_with_centre) FILTER (WHERE quarter = 'Q2'),
        MAX(towns_with_centre) FILTER (WHERE quarter = 'Q1')
    ) AS towns_with_centre,
    COALESCE(
        MAX(grids) FILTER (WHERE quarter = 'Q4'),
        MAX(grids) FILTER (WHERE quarter = 'Q3'),
        MAX(grids) FILTER (WHERE quarter = 'Q2'),
        MAX(grids) FILTER (WHERE quarter = 'Q1')
    ) AS grids,
    COALESCE(
        MAX(grids_with_adviser) FILTER (WHERE quarter = 'Q4'),
        MAX(grids_with_adviser) FILTER (WHERE quarter = 'Q3'),
        MAX(grids_with_adviser) FILTER (WHERE quarter = 'Q2'),
        MAX(grids_with_adviser) FILTER (WHERE quarter = 'Q1')
    ) AS grids_with_adviser,
    CASE WHEN COUNT(voucher_issued) = 4 THEN SUM(voucher_issued) END AS voucher_issued,
    CASE WHEN COUNT(voucher_issued) = 4 THEN SUM(voucher_used) END AS voucher_used,
    CASE WHEN COUNT(exec_claimed) = 4 THEN SUM(exec_claimed) END AS exec_claimed,
    CASE WHEN COUNT(exec_claimed) = 4 THEN SUM(exec_recovered) END AS exec_recovered,
    CASE WHEN COUNT(commercial_closed) = 4 THEN SUM(commercial_closed) END AS commercial_closed,
    CASE WHEN COUNT(commercial_closed) = 4 THEN SUM(commercial_case_days) END AS commercial_case_days
FROM quarters
GROUP BY unit, "year"
