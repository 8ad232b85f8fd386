-- The values of all indicators in one table, for what speaks of any of them.
-- grain: indicator, unit, period
SELECT 'ef_04' AS indicator, * FROM indicators.ef_04
UNION ALL
SELECT 'ef_05' AS indicator, * FROM indicators.ef_05
UNION ALL
SELECT 'ef_06' AS indicator, * FROM indicators.ef_06
UNION ALL
SELECT 'ei_01' AS indicator, * FROM indicators.ei_01
UNION ALL
SELECT 'ei_05' AS indicator, * FROM indicators.ei_05
UNION ALL
SELECT 'el_03' AS indicator, * FROM indicators.el_03
UNION ALL
SELECT 'el_05' AS indicator, * FROM indicators.el_05
UNION ALL
SELECT 'em_02' AS indicator, * FROM indicators.em_02
UNION ALL
SELECT 'em_03' AS indicator, * FROM indicators.em_03
UNION ALL
SELECT 'em_04' AS indicator, * FROM indicators.em_04
UNION ALL
SELECT 'em_05' AS indicator, * FROM indicators.em_05
UNION ALL
SELECT 'em_06' AS indicator, * FROM indicators.em_06
UNION ALL
SELECT 'ep_04' AS indicator, * FROM indicators.ep_04
UNION ALL
SELECT 'ep_05' AS indicator, * FROM indicators.ep_05
UNION ALL
SELECT 'ep_06' AS indicator, * FROM indicators.ep_06
UNION ALL
SELECT 'p1_01' AS indicator, * FROM indicators.p1_01
UNION ALL
SELECT 'p1_02' AS indicator, * FROM indicators.p1_02
UNION ALL
SELECT 'p1_03' AS indicator, * FROM indicators.p1_03
UNION ALL
SELECT 'p1_04' AS indicator, * FROM indicators.p1_04
UNION ALL
SELECT 'p1_05' AS indicator, * FROM indicators.p1_05
UNION ALL
SELECT 'p1_06' AS indicator, * FROM indicators.p1_06
UNION ALL
SELECT 'p1_07' AS indicator, * FROM indicators.p1_07
UNION ALL
SELECT 'p2_01' AS indicator, * FROM indicators.p2_01
UNION ALL
SELECT 'p2_02' AS indicator, * FROM indicators.p2_02
UNION ALL
SELECT 'p2_03' AS indicator, * FROM indicators.p2_03
UNION ALL
SELECT 'p2_04' AS indicator, * FROM indicators.p2_04
UNION ALL
SELECT 'p2_05' AS indicator, * FROM indicators.p2_05
UNION ALL
SELECT 'p2_06' AS indicator, * FROM indicators.p2_06
UNION ALL
SELECT 'p2_07' AS indicator, * FROM indicators.p2_07
UNION ALL
SELECT 'p2_08' AS indicator, * FROM indicators.p2_08
UNION ALL
SELECT 'p3_01' AS indicator, * FROM indicators.p3_01
UNION ALL
SELECT 'p3_02' AS indicator, * FROM indicators.p3_02
UNION ALL
SELECT 'p3_03' AS indicator, * FROM indicators.p3_03
UNION ALL
SELECT 'p3_04' AS indicator, * FROM indicators.p3_04
UNION ALL
SELECT 'p3_05' AS indicator, * FROM indicators.p3_05
UNION ALL
SELECT 'p3_06' AS indicator, * FROM indicators.p3_06
UNION ALL
SELECT 'p3_07' AS indicator, * FROM indicators.p3_07
UNION ALL
SELECT 'p4_01' AS indicator, * FROM indicators.p4_01
UNION ALL
SELECT 'p4_02' AS indicator, * FROM indicators.p4_02
UNION ALL
SELECT 'p4_03' AS indicator, * FROM indicators.p4_03
UNION ALL
SELECT 'p4_04' AS indicator, * FROM indicators.p4_04
UNION ALL
SELECT 'p4_05' AS indicator, * FROM indicators.p4_05
UNION ALL
SELECT 'p4_06' AS indicator, * FROM indicators.p4_06
UNION ALL
SELECT 'p4_07' AS indicator, * FROM indicators.p4_07
UNION ALL
SELECT 'p4_08' AS indicator, * FROM indicators.p4_08
UNION ALL
SELECT 'p5_01' AS indicator, * FROM indicators.p5_01
UNION ALL
SELECT 'p5_02' AS indicator, * FROM indicators.p5_02
UNION ALL
SELECT 'p5_03' AS indicator, * FROM indicators.p5_03
UNION ALL
SELECT 'p5_04' AS indicator, * FROM indicators.p5_04
UNION ALL
SELECT 'p5_05' AS indicator, * FROM indicators.p5_05
UNION ALL
SELECT 'p5_06' AS indicator, * FROM indicators.p5_06
UNION ALL
SELECT 'p5_07' AS indicator, * FROM indicators.p5_07
UNION ALL
SELECT 'p5_08' AS indicator, * FROM indicators.p5_08
UNION ALL
SELECT 'p6_01' AS indicator, * FROM indicators.p6_01
UNION ALL
SELECT 'p6_02' AS indicator, * FROM indicators.p6_02
UNION ALL
SELECT 'p6_03' AS indicator, * FROM indicators.p6_03
UNION ALL
SELECT 'p6_04' AS indicator, * FROM indicators.p6_04
UNION ALL
SELECT 'p6_05' AS indicator, * FROM indicators.p6_05
UNION ALL
SELECT 'p6_06' AS indicator, * FROM indicators.p6_06
UNION ALL
SELECT 'p6_07' AS indicator, * FROM indicators.p6_07
UNION ALL
SELECT 'p7_01' AS indicator, * FROM indicators.p7_01
UNION ALL
SELECT 'p7_02' AS indicator, * FROM indicators.p7_02
UNION ALL
SELECT 'p7_03' AS indicator, * FROM indicators.p7_03
UNION ALL
SELECT 'p7_04' AS indicator, * FROM indicators.p7_04
UNION ALL
SELECT 'p7_05' AS indicator, * FROM indicators.p7_05
UNION ALL
SELECT 'p7_06' AS indicator, * FROM indicators.p7_06
UNION ALL
SELECT 'p7_07' AS indicator, * FROM indicators.p7_07
