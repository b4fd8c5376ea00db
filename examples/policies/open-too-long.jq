# No invoice stays open for more than $days days.
select(.phase == "open" and (.created_at[:19] + "Z" | fromdate) < now - ($days | tonumber) * 86400)
| "\(.id) has been open since \(.created_at)"
