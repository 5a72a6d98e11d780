-- ARGV: tab, batch id, part, next row (0: no row of the batch was written), ms and id of the last in order before the batch,
--   ids of the batch that have no row
-- Returns 1; 0 if the batch has ended already; the server that leads if the ledger is suspect.
local tab, batchId, part, next = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local beforeTime, beforeId, firstOfIds = ARGV[5], ARGV[6], 7
local suspect = suspectLeader(tab)
if suspect then return suspect end
if get(tab, 'batch id') ~= batchId then return 0 end
redis.call('HDEL', base .. ':tab:' .. tab, 'batch', 'batch id')
redis.call('HINCRBY', base .. ':tab:' .. tab, 'version', 1)
if next ~= '0' then
  set(tab, 'next:' .. part, next)
else
  set(tab, 'time', beforeTime)
  set(tab, 'id', beforeId)
end
for n = firstOfIds, #ARGV do
  local _, row = findRow(tab, ARGV[n])
  if row == 0 then redis.call('HDEL', bucket(tab, ARGV[n])) end
end
return 1
