-- One request of a submission gives its place back. It is free when all have.
-- KEYS: the form's places; ARGV: the submission's id
if redis.call('HINCRBY', KEYS[1], ARGV[1], -1) <= 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
