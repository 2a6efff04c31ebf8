#!/usr/bin/env python3
"""What is on the boards. Writes them as JSON into the folder beside, dashboards/, or into another one.

    deploy/grafana/boards.py [DIR]

A ratio of several queues is never a mean of ratios: boards show it for each queue, or as a quotient of sums of counters
where the figure is defined as just that. Stats and tables ask for this moment, so that what no longer applies disappears.
"""
import json
import pathlib
import sys

from chats import chat_board
from deals import deal_board
from itself import itself
from model import NONE_IS_GOOD, SIGN, board, column, lines, link, stat, table
from queries import (ABANDONMENT, AGAINST, AGREED, BY_QUEUE, CAMPAIGN, CHANNEL, CLIENT, CONTACTS, EACH_CONTRACT, EACH_QUEUE, LEADS, LEVEL, LINE_LINK,
                     OLDEST, QUEUE, ROW_LINK, SOURCE_UID, TARGET, URL, a_minute, by_queue, grown, of_agents, queues, window, windowed)

def service_levels(title="Service level of each queue, and its target"):
    return lines(title, "Share within the threshold, by the formula of the queue's profile, over the chosen window; dashed: what the "
                 "contract of that profile asks for. " + CONTACTS,
                 [(LEVEL, EACH_QUEUE), (f"max by (client, profile) ({TARGET})", "target " + EACH_CONTRACT)], "percentunit", dashed=[1],
                 links=LINE_LINK, highest=1)


def floor_now():
    abandoned, offered = grown("contacts_abandoned_total"), grown("contacts_offered_total")
    stats = [
        (3, stat("Waiting", "Contacts that wait now.", f"sum({queues('contacts_waiting')})")),
        (3, stat("Oldest wait", "How long the contact that waits longest has waited; 0 where nobody waits.",
                 f"max({OLDEST}) or vector(0)", "s")),
        (3, stat("Queues below target", "Queues whose service level in the window is below what their contract asks for.",
                 f"count({AGAINST} < 0) or vector(0)", levels=NONE_IS_GOOD)),
        (3, stat("Lowest against target", "The queue that is furthest from its target: service level less target, in points. No value "
                 "where no contract has a target.", f"min({AGAINST})", "percentunit", SIGN, decimals=1)),
        (3, stat("Abandoned, 30 min", "Contacts that gave up in the last half-hour, short ones included.",
                 f"sum({abandoned})", decimals=0)),
        (3, stat("Abandonment, 30 min", "Abandoned by offered of the last half-hour, of all chosen queues: a quotient of the counters' "
                 "sums, which is how the figure is defined.", ABANDONMENT.format(lost=abandoned, offered=offered), "percentunit", decimals=1)),
        (3, stat("Agents there", "Available, ringing, on a contact or in wrap-up, of the chosen clients.",
                 'sum(floorwatch_agents{client=~"$client",queue="",state=~"available|ringing|on_contact|wrap"}) or vector(0)')),
        (3, stat("Alerts", "Alerts of floorwatch that fire, those of the chosen clients and of floorwatch itself.",
                 'count(floorwatch_alerts_firing{client=~"$client|"}) or vector(0)', levels=NONE_IS_GOOD)),
    ]
    now = table("Queues now", "One row for each queue. Service level, wait and abandonment are of the chosen window; a queue without "
                "contract has no target. " + CONTACTS, ["client", "queue", "channel"], [
        column("Waiting", by_queue(queues("contacts_waiting"))),
        column("Oldest wait", by_queue(OLDEST), "s"),
        column("Service level", by_queue(LEVEL), "percentunit", decimals=1),
        column("Target", by_queue(TARGET), "percentunit", decimals=1),
        column("Against target", by_queue(AGAINST), "percentunit", SIGN, 1),
        column("Mean wait", by_queue(windowed("mean_wait_seconds")), "s"),
        column("Abandonment", by_queue(windowed("abandonment_ratio")), "percentunit", decimals=1),
        column("Offered, 30 min", f"sum {BY_QUEUE} ({offered})", decimals=0),
        column("Answered, 30 min", f"sum {BY_QUEUE} ({grown('contacts_answered_total')})", decimals=0),
        column("Abandoned, 30 min", f"sum {BY_QUEUE} ({abandoned})", decimals=0),
        column("Agents needed", by_queue(queues("agents_needed")))], ROW_LINK)
    return board("floorwatch-now", "Floor now", "What a supervisor looks at: who waits, how long, and against which target.",
                 [CLIENT, QUEUE, CHANNEL, window("30m"), URL], [
        (4, stats),
        (3, [(24, stat("Agents by state", "How many agents are in each state now, of the chosen clients.",
                       'sum by (state) (floorwatch_agents{client=~"$client",queue=""})', legend="{{state}}", text="value_and_name"))]),
        (11, [(24, now)]),
        (9, [(8, lines("Waiting", "Contacts that wait, by queue. " + CONTACTS, [(queues("contacts_waiting"), EACH_QUEUE)], links=LINE_LINK)),
             (8, service_levels()),
             (8, lines("Agents by state", "Agents of the chosen clients, each in one state.",
                       [('sum by (state) (floorwatch_agents{client=~"$client",queue="",state!="offline"})', "{{state}}")], stacked=True))]),
    ], SOURCE_UID, links=[link("Figures of the day, from the API", "${floorwatch_url}/api/v1/figures?by=queue&window=day")])


def queue_board():
    lost, offered = grown("contacts_abandoned_total", "$__range"), grown("contacts_offered_total", "$__range")

    def total(title, says, metric):
        return (4, stat(title, says + " In the time that the board shows.", f"sum({grown(metric, '$__range')})", decimals=0))

    def quantile(q):
        rates = f"sum by (le, client, queue, channel) (rate({queues('wait_seconds_bucket')}[15m]))"
        return (f"histogram_quantile({q}, {rates})", f"p{round(q * 100)} " + EACH_QUEUE)

    def counted(title, says, metric, more=""):
        return lines(title, says + " A minute, over the last 5 minutes. " + CONTACTS, [(a_minute(metric, more), EACH_QUEUE)], links=LINE_LINK)

    return board("floorwatch-queues", "Queues", "How each queue has done over the chosen time.", [CLIENT, QUEUE, CHANNEL, window("30m"), URL], [
        (4, [total("Offered", "Contacts that came into the queues.", "contacts_offered_total"),
             total("Answered", "Contacts that an agent took.", "contacts_answered_total"),
             total("Abandoned", "Contacts that gave up, short ones included.", "contacts_abandoned_total"),
             total("Flowed out", "Contacts that left for another reason.", "contacts_flowed_out_total"),
             (4, stat("Abandonment", "Abandoned by offered in the time that the board shows: a quotient of the counters' sums, which is how the "
                      "figure is defined.", ABANDONMENT.format(lost=lost, offered=offered), "percentunit", decimals=1)),
             (4, stat("Mean wait", "Sum of the waits by the number of answered contacts, in the time that the board shows.",
                      f"sum({grown('wait_seconds_sum', '$__range')}) / (sum({grown('wait_seconds_count', '$__range')}) > 0)", "s", decimals=1))]),
        (9, [(12, service_levels()),
             (12, lines("Abandonment", "Abandoned by offered contacts of the window. " + CONTACTS,
                        [(windowed("abandonment_ratio"), EACH_QUEUE)], "percentunit", links=LINE_LINK))]),
        (9, [(8, counted("Offered", "Contacts that came in.", "contacts_offered_total")),
             (8, counted("Answered", "Contacts that an agent took.", "contacts_answered_total")),
             (8, counted("Abandoned", "Contacts that gave up, without short ones.", "contacts_abandoned_total", ',short="false"'))]),
        (9, [(8, lines("Mean wait", "Mean wait of the contacts answered in the window. " + CONTACTS,
                       [(windowed("mean_wait_seconds"), EACH_QUEUE)], "s", links=LINE_LINK)),
             (8, lines("Wait of most callers", "Within this wait 80 and 95 of 100 answered contacts were answered, in the last 15 minutes: to the "
                       "width of Prometheus' buckets; `floorwatch figures` has it exactly.", [quantile(0.8), quantile(0.95)], "s", links=LINE_LINK)),
             (8, lines("Mean handle time", "Talk, hold and wrap-up by the segments that were completed in the window.",
                       [(windowed("mean_handle_seconds"), EACH_QUEUE)], "s", links=LINE_LINK))]),
        (9, [(8, lines("Flowed out, by reason", "Contacts that left neither answered nor given up: closed, overflow, voicemail. A minute, over the "
                       "last 5 minutes.", [(f"60 * sum by (reason) (rate({queues('contacts_flowed_out_total')}[5m]))", "{{reason}}")], stacked=True)),
             (8, lines("Missed offers", "Offers to an agent that ended by timeout or were rejected. A minute, over the last 5 minutes.",
                       [(a_minute("offers_missed_total"), EACH_QUEUE)], links=LINE_LINK)),
             (8, lines("Waiting", "Contacts that wait, by queue. " + CONTACTS, [(queues("contacts_waiting"), EACH_QUEUE)], links=LINE_LINK))]),
    ], SOURCE_UID, since="now-12h", refresh="30s")


def agent_board():
    mine = 'client=~"$client"'
    whole, each = f'{{{mine},agent="",window="$window"}}', f'{{{mine},agent!="",window="$window"}}'
    states = ["available", "ringing", "on_contact", "wrap", "away"]
    return board("floorwatch-agents", "Agents", "What the agents do, and how busy they are.", [CLIENT, QUEUE, CHANNEL, window("30m"), URL], [
        (4, [(16, stat("Agents by state", "How many agents are in each state now.",
                       f'sum by (state) (floorwatch_agents{{{mine},queue=""}})', legend="{{state}}", text="value_and_name")),
             (8, stat("Missed offers, 30 min", "Offers that ended by timeout or were rejected in the last half-hour.",
                      f"sum({grown('offers_missed_total')})", decimals=0))]),
        (9, [(12, lines("Agents by state", "Agents of the chosen clients, each in one state.",
                        [(f'sum by (state) (floorwatch_agents{{{mine},queue="",state!="offline"}})', "{{state}}")], stacked=True)),
             (12, table("Agents of each queue", "Where the source says whom a queue has. An agent who serves several queues is in each of them, so "
                        "rows do not add up.", ["client", "queue"], [column(state, of_agents(state)) for state in states], ROW_LINK))]),
        (9, [(12, lines("Occupancy of each client", "On a contact or in wrap-up, by available, on a contact or in wrap-up: of all agents of a client, "
                        "in the window.", [(f"floorwatch_occupancy_ratio{whole}", "{{client}}")], "percentunit", highest=1)),
             (12, lines("Contacts an agent's hour", "Segments begun by the hours that agents were there, of each client, in the window.",
                        [(f"floorwatch_contacts_per_agent_hour{whole}", "{{client}}")]))]),
        (12, [(12, table("Each agent", "Only where `metrics.agents` is on in floorwatch's configuration. Occupancy and contacts an hour of the window.",
                         ["client", "agent"], [
                             column("Occupancy", f"max by (client, agent) (floorwatch_occupancy_ratio{each})", "percentunit", decimals=1),
                             column("Contacts an hour", f"max by (client, agent) (floorwatch_contacts_per_agent_hour{each})", decimals=1)])),
              (12, lines("Missed offers", "Offers to an agent that ended by timeout or were rejected. A minute, over the last 5 minutes.",
                         [(a_minute("offers_missed_total"), EACH_QUEUE)], links=LINE_LINK))]),
    ], SOURCE_UID)


def lead_board():
    def grown_by(what, span):
        return f"sum by (client, campaign) (increase(floorwatch_leads_{what}_total{{{LEADS}}}[{span}]))"

    def quantile(q):
        rates = f"sum by (le, client) (rate(floorwatch_lead_response_seconds_bucket{{{LEADS}}}[1h]))"
        return (f"histogram_quantile({q}, {rates})", f"p{round(q * 100)} " + "{{client}}")

    def total(title, says, what):
        return (8, stat(title, says + " In the time that the board shows.", f"sum({grown_by(what, '$__range')})", decimals=0))

    each = "{{client}} {{campaign}}"
    median = f'floorwatch_lead_response_median_seconds{{{LEADS},window="$window"}}'
    return board("floorwatch-leads", "Leads", "How soon leads are called.", [CLIENT, CAMPAIGN, window("day"), URL], [
        (4, [total("Created", "Leads that came in.", "created"),
             total("Attempted", "Leads with a first attempt by a person.", "attempted"),
             total("Contacted", "Leads with a first contact.", "contacted")]),
        (10, [(12, table("Campaigns", "Counts of the last 24 hours, each at its own time, so a lead can be created in one day and contacted in the next; "
                         "the median response is of the window.", ["client", "campaign"], [
                             column("Created", grown_by("created", "24h"), decimals=0),
                             column("Attempted", grown_by("attempted", "24h"), decimals=0),
                             column("Contacted", grown_by("contacted", "24h"), decimals=0),
                             column("Median response", f"max by (client, campaign) ({median})", "s")])),
              (12, lines("Median response", "From a lead's creation to its first attempt by a person: of the leads attempted in the window.",
                         [(median, each)], "s"))]),
        (9, [(12, lines("Leads an hour", "Leads created and attempted an hour, over the last hour.",
                        [(grown_by("created", "1h"), "created " + each), (grown_by("attempted", "1h"), "attempted " + each)])),
             (12, lines("Response of most leads", "Within this time half, and 90 of 100, of the leads of the last hour had their first attempt: to the "
                        "width of Prometheus' buckets.", [quantile(0.5), quantile(0.9)], "s"))]),
    ], SOURCE_UID, since="now-24h", refresh="1m", links=[link("Leads by day, from the API", "${floorwatch_url}/api/v1/figures?by=lead&every=day")])


def contract_board():
    def of(figure):
        return f'floorwatch_sla_{figure}{{client=~"$client"}}'

    def contract(expr):
        return f"max by (client, profile) ({expr})"

    mine = 'client=~"$client"'
    level = f'floorwatch_service_level_ratio{{{mine},window="30m"}}'
    there = (f'group {BY_QUEUE} (floorwatch_agents_needed{{{mine}}}) * on (client, queue) group_left () '
             + of_agents("available|ringing|on_contact|wrap", mine + ',queue!=""'))
    needed, expected = f"floorwatch_agents_needed{{{mine}}}", f"floorwatch_service_level_expected_ratio{{{mine}}}"
    budget = "Below 0 more have missed than the whole period allows, even if its rest is like the last comparable days."
    return board("floorwatch-sla", "Client SLA", "Each contract: what was agreed, where the running period stands, and what is left.", [CLIENT, URL], [
        (4, [(8, stat("Contracts whose budget is spent", "Contracts that can hardly be met any more. " + budget,
                      f"count({of('misses_left')} < 0) or vector(0)", levels=NONE_IS_GOOD)),
             (16, stat("Misses left", "The error budget: how many more may miss until the period's end. " + budget, of("misses_left"),
                       levels=SIGN, legend=EACH_CONTRACT, text="value_and_name"))]),
        (9, [(14, table("Contracts of a share", "Service level, abandonment, leads in time; of a contract by intervals, the share of intervals. The "
                        "projection takes the rest of the period to be like the last comparable days: an assumption. Of abandonment less is better; "
                        "misses left says so for each kind.", ["client", "profile"], [
                            column("Target", contract(of("target_ratio")), "percentunit", decimals=2),
                            column("Period so far", contract(of("period_ratio")), "percentunit", decimals=2),
                            column("Projection", contract(of("projection_ratio")), "percentunit", decimals=2),
                            column("Misses left", contract(of("misses_left")), levels=SIGN)])),
             (10, table("Contracts of a span", "Mean wait and mean handle time of the running period so far, and what was agreed.", ["client", "profile"], [
                 column("Target", contract(of("target_seconds")), "s"), column("Period so far", contract(of("period_seconds")), "s")]))]),
        (7, [(24, table("Alerts that fire", "What `floorwatch alerts` lists as firing. Without a queue it is of the client, without a client of "
                        "floorwatch itself.", ["client", "profile", "alert", "queue", "severity"], [
                            column("Firing", 'floorwatch_alerts_firing{client=~"$client|"}', levels=NONE_IS_GOOD)]))]),
        (9, [(12, lines("Period so far, projection and target", "The contract's own figure: within its calendar, without its exclusions. Dashed: target.",
                        [(of("period_ratio"), "so far " + EACH_CONTRACT), (of("projection_ratio"), "projection " + EACH_CONTRACT),
                         (of("target_ratio"), "target " + EACH_CONTRACT)], "percentunit", dashed=[2], highest=1)),
             (12, lines("Misses left", "The error budget as it is used up. " + budget, [(of("misses_left"), EACH_CONTRACT)], lowest=None))]),
        (9, [(14, table("Recovery", "With how many agents the last half-hour's contacts would meet the target, and what to expect with those who are there "
                        "(Erlang C, which lets nobody give up). Expected and there: where the source says whom a queue has.",
                        ["client", "queue", "channel"], [
                            column("Service level, 30 min", by_queue(level), "percentunit", decimals=1),
                            column("Expected", by_queue(expected), "percentunit", decimals=1),
                            column("Against target", by_queue(f"{level} - {AGREED}"), "percentunit", SIGN, 1),
                            column("Agents there", by_queue(there)), column("Agents needed", by_queue(needed)),
                            column("To spare", f"{there} - on (client, queue, channel) {needed}", levels=SIGN)], ROW_LINK)),
             (10, lines("Agents needed and there", "Dashed: how many are there, where the source says whom a queue has.",
                        [(needed, "needed " + EACH_QUEUE), (there, "there " + EACH_QUEUE)], dashed=[1], links=LINE_LINK))]),
    ], SOURCE_UID, since="now-7d", refresh="1m",
        links=[link("Contracts by period, from the API", "${floorwatch_url}/api/v1/figures?by=profile")])


def main():
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "dashboards"
    for each in [floor_now(), queue_board(), agent_board(), lead_board(), chat_board(), deal_board(), contract_board(), itself(SOURCE_UID)]:
        path = folder / (each["uid"] + ".json")
        path.write_text(json.dumps(each, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
