-- Reserves rows for a batch.
-- ARGV: tab, version, batch as JSON, batch id, part, ms and id of the last in order once it is written, ids
-- Returns 1; 0 if another batch is open or has ended since that version; the server that leads if the ledger is suspect.
-- Error ELSEWHERE if another instance moved one of the entries to another tab.
local tab, version, batch, batchId, part = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], tonumber(ARGV[5])
local lastTime, lastId, firstOfIds = ARGV[6], ARGV[7], 8
local suspect = suspectLeader(tab)
if suspect then return suspect end
if redis.call('EXISTS', base .. ':moved:' .. tab) == 1 then
  for n = firstOfIds, #ARGV do
    if redis.call('SISMEMBER', base .. ':moved:' .. tab, ARGV[n]) == 1 then
      return redis.error_reply('ELSEWHERE another instance moved rows to another tab meanwhile')
    end
  end
end
if get(tab, 'batch') or (tonumber(get(tab, 'version')) or 0) ~= version then return 0 end
if part > lastPart(tab) then
  set(tab, 'part', part)
  set(tab, 'trusted:' .. part, leader())
end
local section = sectionOf(tab, part)
local writing = string.format('%.0f', section * perSection)
for n = firstOfIds, #ARGV do
  local key, field = bucket(tab, ARGV[n])
  -- An existing value may belong to a section that was dropped.
  if redis.call('HSETNX', key, field, writing) == 0 and not findRow(tab, ARGV[n]) then putRow(tab, ARGV[n], section, 0) end
end
set(tab, 'batch', batch)
set(tab, 'batch id', batchId)
set(tab, 'time', lastTime)
set(tab, 'id', lastId)
return 1
