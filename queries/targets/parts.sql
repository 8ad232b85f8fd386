-- What each county has of each target by year, by the target's own query: an amount and, of shares, what it
-- is a share of. The city has a row of its own where its figure is no sum of the counties'.
-- grain: target, reading, unit, year
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_2
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_3
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_4
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_5
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_6
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t1_7
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t2_1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t3_1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t3_2
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t3_3
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t3_4
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t4_1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t4_2
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t4_3
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t4_4
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t4_5
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t5_1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t5_2
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t5_3
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.t5_4
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e1
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e2
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e3
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e4
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e5
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.e6
