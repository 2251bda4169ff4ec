-- Every sum that reports are made of is what its facts add up to.
WITH wrong AS (SELECT * FROM recount_differences())
SELECT sums_count() AS checked,
       coalesce(array_agg(aggregate || ' ' || bucket), '{}') AS keys,
       coalesce(array_agg(format('says %s, its facts %s', coalesce(live, 'nothing'), coalesce(recounted, 'nothing'))), '{}')
         AS details
FROM wrong
