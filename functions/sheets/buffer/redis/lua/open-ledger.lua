-- ARGV: tab, an owner id to use if the spreadsheet has none
-- Returns {owner id, server that leads, 1 if the ledger is suspect, else 0}.
local tab, newOwner = ARGV[1], ARGV[2]
redis.call('SET', base .. ':owner', newOwner, 'NX')
return {redis.call('GET', base .. ':owner'), leader(), suspectLeader(tab) and 1 or 0}
