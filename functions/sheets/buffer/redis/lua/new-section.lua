-- Begins to rebuild a part: it is suspect until confirm-part.lua has run.
-- ARGV: tab, part
-- Returns the number of a new section for its rows.
local tab, part = ARGV[1], ARGV[2]
redis.call('HDEL', base .. ':tab:' .. tab, 'trusted:' .. part)
return newSection(tab)
