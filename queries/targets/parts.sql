-- What each county has of each target that adds up, by year: the figure itself or, of shares, both of its
-- parts. Of increments counted as a change of a stock (net t1.1, t4.1 to t4.3) it is the stock.
-- grain: target, reading, unit, year
SELECT target, reading, unit, "year", amount, whole FROM targets.parts_enterprises
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.parts_lists
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.parts_finance
UNION ALL
SELECT target, reading, unit, "year", amount, whole FROM targets.parts_services
