-- Counts the entries that wait, by tab.
-- KEYS[1]: formstream:spreadsheets
-- Returns two lists:
--   {spreadsheet, tab, count, ms of the oldest} for each tab
--   {spreadsheet, tab} for each tab whose entries an earlier version added without :due:<tab>; see sort-waiting.lua
local found, unsorted = {}, {}
for _, spreadsheet in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local base = 'formstream:{' .. spreadsheet .. '}'
  if redis.call('ZCARD', base .. ':pending') > redis.call('HLEN', base .. ':waits') then
    local seen = {}
    for _, id in ipairs(redis.call('ZRANGE', base .. ':pending', 0, -1)) do
      if redis.call('HEXISTS', base .. ':waits', id) == 0 then
        local tab = cjson.decode(redis.call('HGET', base .. ':entries', id)).tab
        if not seen[tab] then unsorted[#unsorted + 1] = {spreadsheet, tab} end
        seen[tab] = true
      end
    end
  end
  for _, tab in ipairs(redis.call('HVALS', base .. ':titles')) do
    local oldest = redis.call('ZRANGE', base .. ':due:' .. tab, 0, 0, 'WITHSCORES')[2]
    if oldest then
      found[#found + 1] = {spreadsheet, tab, redis.call('ZCARD', base .. ':due:' .. tab), oldest}
    end
  end
end
return {found, unsorted}
