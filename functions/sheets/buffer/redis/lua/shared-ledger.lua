-- Shared by all scripts of a spreadsheet. KEYS[1] is formstream:{<spreadsheet>}; every key of the spreadsheet begins with it:
--   :pending          sorted set: time of submission -> id
--   :due:<tab>        sorted set: the same, for the entries that wait for one tab
--   :entries          hash: id -> entry as JSON
--   :waits            hash: id -> the tab that it waits for
--   :moved:<tab>      set: ids that moved from this tab to another one; expires after a day
--   :titles           hash: title in lower case -> the spelling that the tab is known by
--   :writes           counter: makes every script write, so that the WAIT behind it covers all writes before it
--   :owner            string: id of the ledger
--   :lease:<tab>      string: token of the instance that writes to the tab
--   :tab:<tab>        hash, the ledger of a tab:
--                       part, next:<part>     the part that new rows go to; the row below the last one of a part
--                       time, id              the last row in order of submission
--                       version, batch, 'batch id'   how many batches have ended; the batch that is being written, as JSON
--                       trusted:<part>        replication id of the server that led when the part was last read from the sheet
--                       section:<part>, 'part of:<section>', sections
--   :rows:<tab>:<x>   hashes of a few rows each, which Redis stores compactly: digest of the id -> section and row as one number.
--                     Row 0: being written.
-- A part gets a new section when it is rebuilt, which drops all rows of its old section at once.
-- Keys of no single spreadsheet:
--   formstream:spreadsheets    set: spreadsheets that have entries waiting
--   formstream:places:<form>   set: JSON of each spreadsheet and tab that rows of the form ever went to
--   formstream:titled          string: the titles of an earlier version were taken over, see upgrade.ts

local base = KEYS[1]
local perSection = 16777216

local function leader()
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)') or 'unknown'
end

local function bucket(tab, id)
  local digest = redis.sha1hex(id)
  return base .. ':rows:' .. tab .. ':' .. digest:sub(1, 3), digest:sub(4, 23)
end

local function putRow(tab, id, section, row)
  local key, field = bucket(tab, id)
  redis.call('HSET', key, field, string.format('%.0f', section * perSection + row))
end

local function get(tab, name)
  return redis.call('HGET', base .. ':tab:' .. tab, name)
end

local function set(tab, name, value)
  redis.call('HSET', base .. ':tab:' .. tab, name, value)
end

local function findRow(tab, id)
  local number = tonumber(redis.call('HGET', bucket(tab, id)))
  if not number then return nil end
  local section = math.floor(number / perSection)
  local part = tonumber(get(tab, 'part of:' .. section))
  if part then return part, number % perSection end
end

local function newSection(tab)
  return redis.call('HINCRBY', base .. ':tab:' .. tab, 'sections', 1)
end

local function setSection(tab, part, section)
  local old = get(tab, 'section:' .. part)
  if old then redis.call('HDEL', base .. ':tab:' .. tab, 'part of:' .. old) end
  set(tab, 'section:' .. part, section)
  set(tab, 'part of:' .. section, part)
end

local function sectionOf(tab, part)
  local known = tonumber(get(tab, 'section:' .. part))
  if known then return known end
  local section = newSection(tab)
  setSection(tab, part, section)
  return section
end

local function lastPart(tab)
  return tonumber(get(tab, 'part')) or 1
end

local function nextRow(tab, part)
  return tonumber(get(tab, 'next:' .. part)) or 2
end

-- The server that leads now, if it is not the one that led when every part was read; else false.
local function suspectLeader(tab)
  local now = leader()
  for part = 1, lastPart(tab) do
    if get(tab, 'trusted:' .. part) ~= now then return now end
  end
  return false
end

redis.call('INCR', base .. ':writes')
