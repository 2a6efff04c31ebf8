"""The board of chats."""
from model import board, column, labels, lines, link, stat, table
from queries import BY_QUEUE, CLIENT, EACH_QUEUE, SOURCE_UID, URL, by_queue, grown, queues, window, windowed

STARTED = 'floorwatch_chats_started_total{client=~"$client"}'
QUEUE = labels("queue", "Queue", STARTED, "queue")
CHANNEL = labels("channel", "Channel", STARTED[:-1] + ',queue=~"$queue"}', "channel")
API = "${floorwatch_url}/api/v1/figures?by=chat&every=day"


def chat_board():
    oldest = f"time() - {queues('oldest_unanswered_timestamp_seconds')}"
    mean = windowed("mean_first_response_seconds")

    def total(title, says, metric):
        return (4, stat(title, says + " In the time that the board shows.", f"sum({grown(metric, '$__range')})", decimals=0))

    def quantile(q):
        rates = f"sum by (le, client, queue, channel) (rate({queues('chat_first_response_seconds_bucket')}[1h]))"
        return (f"histogram_quantile({q}, {rates})", f"p{round(q * 100)} " + EACH_QUEUE)

    return board("floorwatch-chats", "Chats", "How soon customers who write are answered.", [CLIENT, QUEUE, CHANNEL, window("30m"), URL], [
        (4, [(4, stat("Unanswered", "Customers who wait for an agent to write.", f"sum({queues('chats_unanswered')}) or vector(0)")),
             (8, stat("Oldest unanswered", "How long the customer who waits longest has waited for an answer; 0 where nobody waits.",
                      f"max({oldest}) or vector(0)", "s")),
             total("Started", "Chats that a customer has started.", "chats_started_total"),
             total("Responded", "Chats with a first response by an agent.", "chats_responded_total"),
             total("Missed", "Chats that closed before an agent had written.", "chats_missed_total")]),
        (9, [(12, table("Queues", "Oldest unanswered is 0 where nobody waits. Mean first response of the window; counts of the last 24 hours, each at its own time.",
                        ["client", "queue", "channel"], [
                            column("Unanswered", by_queue(queues("chats_unanswered"))),
                            column("Oldest unanswered", f"{by_queue(oldest)} or 0 * {by_queue(queues('chats_unanswered'))}", "s"),
                            column("Mean first response", by_queue(mean), "s"),
                            column("Started", f"sum {BY_QUEUE} ({grown('chats_started_total', '24h')})", decimals=0),
                            column("Missed", f"sum {BY_QUEUE} ({grown('chats_missed_total', '24h')})", decimals=0)])),
             (12, lines("Unanswered", "Chats in which the customer waits for an agent to write.", [(queues("chats_unanswered"), EACH_QUEUE)]))]),
        (9, [(12, lines("Mean first response", "From the chat's start to the first message of an agent: of the chats answered in the window.",
                        [(mean, EACH_QUEUE)], "s")),
             (12, lines("First response of most chats", "Within this time half, and 90 of 100, of the chats of the last hour had their first response: "
                        "to the width of Prometheus' buckets.", [quantile(0.5), quantile(0.9)], "s"))]),
    ], SOURCE_UID, since="now-24h", refresh="30s", links=[link("Chats by day, from the API", API)])
