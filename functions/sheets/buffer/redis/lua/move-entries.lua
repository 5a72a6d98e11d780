-- Makes entries wait for another tab, except those that have a row or are being written.
-- KEYS[1]: of the old spreadsheet
-- ARGV: new spreadsheet, old spreadsheet, old tab, new tab, new tab in lower case, ids
-- Returns the ids that stay.
local from, tab, title, folded = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local old, new = base, 'formstream:{' .. spreadsheet .. '}'
local stay = {}
for n = 6, #ARGV do
  local id = ARGV[n]
  local time, entry = redis.call('ZSCORE', base .. ':due:' .. tab, id), redis.call('HGET', base .. ':entries', id)
  if entry and time and findRow(tab, id) then
    stay[#stay + 1] = id
  elseif entry and time then
    removeEntry(id)
    redis.call('SADD', base .. ':moved:' .. tab, id)
    redis.call('EXPIRE', base .. ':moved:' .. tab, 86400)
    local decoded = cjson.decode(entry)
    local form = decoded.cause.form
    base = new
    local to = knownTitle(title, folded)
    if not isKnownAnywhere(to, id, form, decoded.again) then putEntry(to, id, time, form, entry) end
    base = old
  end
end
removeIfEmpty(from)
return stay
