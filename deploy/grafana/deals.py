"""The board of deals and the pipeline. Money is in the figures: sums of several currencies would be none."""
from model import board, column, labels, lines, link, stat, table
from queries import CLIENT, SOURCE_UID, URL

CURRENCY = labels("currency", "Currency", 'floorwatch_deals_won_total{client=~"$client"}', "currency")
DEALS = 'client=~"$client",currency=~"$currency"'
LEADS = 'client=~"$client"'


def deal_board():
    def grown(what, span):
        return f"increase(floorwatch_deals_{what}_total{{{DEALS}}}[{span}])"

    def of_leads(what, span):
        return f"sum by (client) (increase(floorwatch_leads_{what}_total{{{LEADS}}}[{span}]))"

    def by_deal(expr):
        return f"sum by (client, currency) ({expr})"

    def closed(span):
        return f"({by_deal(grown('won', span))} + {by_deal(grown('lost', span))})"

    def total(title, says, expr, **more):
        return (8, stat(title, says + " In the time that the board shows.", expr, **more))

    won, lost, each = f"sum({grown('won', '$__range')})", f"sum({grown('lost', '$__range')})", "{{client}} {{currency}}"
    return board("floorwatch-deals", "Deals and pipeline", "What is won and lost, and what comes in before it.", [CLIENT, CURRENCY, URL], [
        (4, [total("Won", "Deals won.", won, decimals=0), total("Lost", "Deals lost.", lost, decimals=0),
             total("Win rate", "Won by won and lost.", f"{won} / ({won} + {lost} > 0)", unit="percentunit", decimals=1)]),
        (9, [(12, table("Clients and currencies", "Of the last 30 days, by the time of the close. Sizes, cycles, velocity and profitability are in the "
                        "figures: `floorwatch figures --by deal --every month`.", ["client", "currency"], [
                            column("Won", by_deal(grown("won", "30d")), decimals=0),
                            column("Lost", by_deal(grown("lost", "30d")), decimals=0),
                            column("Win rate", f"{by_deal(grown('won', '30d'))} / ({closed('30d')} > 0)", "percentunit", decimals=1)])),
             (12, lines("Deals an hour", "Deals won and lost an hour, over the last hour.",
                        [(by_deal(grown("won", "1h")), "won " + each), (by_deal(grown("lost", "1h")), "lost " + each)]))]),
        (9, [(12, lines("Leads before them", "Leads created, and those with a first contact, an hour, over the last hour: what the pipeline lives on.",
                        [(of_leads("created", "1h"), "created {{client}}"), (of_leads("contacted", "1h"), "contacted {{client}}")])),
             (12, lines("Win rate", "Won by won and lost, of the deals closed in the 24 hours before.",
                        [(f"{by_deal(grown('won', '24h'))} / ({closed('24h')} > 0)", each)], "percentunit", highest=1))]),
    ], SOURCE_UID, since="now-7d", refresh="1m",
        links=[link("Deals by month, from the API", "${floorwatch_url}/api/v1/figures?by=deal&every=month")])
