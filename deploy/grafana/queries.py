"""What boards ask Prometheus for, and the variables by which a reader chooses."""
from model import choice, labels, link, textbox

SOURCE_UID = "floorwatch-prometheus"

OFFERED = "floorwatch_contacts_offered_total"
CLIENT = labels("client", "Client", OFFERED, "client")
QUEUE = labels("queue", "Queue", OFFERED + '{client=~"$client"}', "queue")
CHANNEL = labels("channel", "Channel", OFFERED + '{client=~"$client",queue=~"$queue"}', "channel")
CAMPAIGN = labels("campaign", "Campaign", 'floorwatch_leads_created_total{client=~"$client"}', "campaign")
URL = textbox("floorwatch_url", "floorwatch", "http://127.0.0.1:9464")

QUEUES = 'client=~"$client",queue=~"$queue",channel=~"$channel"'
BY_QUEUE = "by (client, queue, channel)"
LEADS = 'client=~"$client",campaign=~"$campaign"'
EACH_QUEUE = "{{client}} {{queue}} {{channel}}"
EACH_CONTRACT = "{{client}} {{profile}}"

SPAN = "&from=${__from:date:iso}&to=${__to:date:iso}&every=30m"
CONTACTS = ("The contacts behind it: `floorwatch contacts --store sqlite:floorwatch.db --client CLIENT --queue QUEUE "
            "--from TIME --to TIME`.")
HALF_HOURS = "Half-hours of this queue, from the API"
ROW_LINK = [link(HALF_HOURS, "${floorwatch_url}/api/v1/figures?by=queue&client=${__data.fields.client}&queue=${__data.fields.queue}" + SPAN)]
LINE_LINK = [link(HALF_HOURS, "${floorwatch_url}/api/v1/figures?by=queue&client=${__field.labels.client}&queue=${__field.labels.queue}" + SPAN)]


def window(chosen):
    return choice("window", "Window", ["5m", "15m", "30m", "1h", "day"], chosen)


def queues(metric, more=""):
    return f"floorwatch_{metric}{{{QUEUES}{more}}}"


def windowed(metric):
    return queues(metric, ',window="$window"')


def grown(metric, span="30m", more=""):
    return f"increase({queues(metric, more)}[{span}])"


def a_minute(metric, more=""):
    return f"60 * sum {BY_QUEUE} (rate({queues(metric, more)}[5m]))"


def by_queue(expr):
    return f"max {BY_QUEUE} ({expr})"


LEVEL = windowed("service_level_ratio")
AGREED = 'on (client, profile) group_left () floorwatch_sla_target_ratio{client=~"$client"}'
AGAINST = f"{LEVEL} - {AGREED}"
TARGET = f"0 * {LEVEL} + {AGREED}"
OLDEST = f"time() - {queues('oldest_waiting_timestamp_seconds')}"
ABANDONMENT = "sum({lost}) / (sum({offered}) > 0)"


def of_agents(state, of='client=~"$client",queue=~"$queue",queue!=""'):
    return f'sum by (client, queue) (floorwatch_agents{{{of},state=~"{state}"}})'
