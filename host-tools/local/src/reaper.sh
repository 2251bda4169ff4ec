# Ends what a temporary environment started as soon as its owner is gone, however it went: the owner holds the other
# end of stdin. Then removes the environment's directory ($1), or all but its logs when the owner said "keep".
IFS= read -r verdict
for file in "$1"/run/*.pid; do
  [ -f "$file" ] || continue
  read -r pid start <"$file"
  if [ "$(cut -d' ' -f22 "/proc/$pid/stat" 2>/dev/null)" = "$start" ]; then
    kill -s KILL -- "-$pid"
  fi
done
if [ "$verdict" = keep ]; then
  set -- "$1/pg" "$1/redis" "$1/secrets.toml"
fi
# Postgres' children may write for a moment after their parent has gone.
for attempt in 1 2 3 4 5; do
  rm -rf "$@" 2>/dev/null && break
  sleep 0.2
done
