"""Grafana's JSON model of dashboards (schema 39, Grafana 10 and 11), as far as the boards need it.

A panel is a dictionary without its place; `board` lays rows of panels out on Grafana's grid of 24 columns.
"""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
GREEN, RED, BLUE = "green", "red", "blue"

# Above 0 is good, below is not: of what is left, and of differences to a target.
SIGN = [(None, RED), (0, GREEN)]
# Anything at all is one too many.
NONE_IS_GOOD = [(None, GREEN), (1, RED)]


def _target(number, expr, legend, instant, form="time_series"):
    return {"refId": chr(ord("A") + number), "datasource": SOURCE, "editorMode": "code", "expr": expr, "format": form,
            "instant": instant, "range": not instant, "legendFormat": legend}


def _steps(levels):
    return {"mode": "absolute", "steps": [{"color": color, "value": level} for level, color in levels]}


def _panel(kind, title, says, targets, unit, **more):
    defaults = {"unit": unit, "noValue": "–"}
    return {"type": kind, "title": title, "description": says, "datasource": SOURCE, "targets": targets,
            "fieldConfig": {"defaults": defaults, "overrides": []}, **more}


def stat(title, says, expr, unit="short", levels=None, legend="", decimals=None, text="auto"):
    """Figures of this moment. An instant query: what no longer applies disappears, and must not live on from its past."""
    panel = _panel("stat", title, says, [_target(0, expr, legend, True)], unit, options={
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "colorMode": "value" if levels else "none", "graphMode": "none", "justifyMode": "auto", "orientation": "auto",
        "textMode": text})
    defaults = panel["fieldConfig"]["defaults"]
    defaults["color"] = {"mode": "thresholds"}
    defaults["thresholds"] = _steps(levels or [(None, BLUE)])
    if decimals is not None:
        defaults["decimals"] = decimals
    return panel


def lines(title, says, queries, unit="short", stacked=False, dashed=(), links=(), lowest=0, highest=None):
    """Lines over time. `queries`: (expression, legend); those whose number is in `dashed` are targets or limits."""
    panel = _panel("timeseries", title, says, [_target(n, expr, legend, False) for n, (expr, legend) in enumerate(queries)],
                   unit, options={"legend": {"calcs": ["lastNotNull"], "displayMode": "list", "placement": "bottom", "showLegend": True},
                                  "tooltip": {"mode": "multi", "sort": "desc"}})
    defaults = panel["fieldConfig"]["defaults"]
    defaults["color"] = {"mode": "palette-classic"}
    defaults |= {end: value for end, value in (("min", lowest), ("max", highest)) if value is not None}
    defaults["links"] = list(links)
    defaults["custom"] = {"drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 30 if stacked else 5,
                          "showPoints": "never", "spanNulls": False,
                          "stacking": {"group": "A", "mode": "normal" if stacked else "none"}}
    for number in dashed:
        panel["fieldConfig"]["overrides"].append(_override("byFrameRefID", chr(ord("A") + number), {
            "custom.lineStyle": {"fill": "dash", "dash": [8, 8]}, "custom.fillOpacity": 0,
            "color": {"mode": "fixed", "fixedColor": "orange"}}))
    return panel


def _override(matcher, name, properties):
    return {"matcher": {"id": matcher, "options": name},
            "properties": [{"id": key, "value": value} for key, value in properties.items()]}


def column(name, expr, unit="short", levels=None, decimals=None):
    return {"name": name, "expr": expr, "unit": unit, "levels": levels, "decimals": decimals}


def table(title, says, keys, columns, links=()):
    """One row for each combination of the labels `keys`, which every column's query must keep, and no others."""
    panel = _panel("table", title, says, [_target(n, c["expr"], "", True, "table") for n, c in enumerate(columns)], "short", options={
        "showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": ["sum"], "countRows": False, "fields": ""}})
    panel["fieldConfig"]["defaults"]["custom"] = {"align": "auto", "cellOptions": {"type": "auto"}, "filterable": True}
    names = {f"Value #{target['refId']}": c["name"] for target, c in zip(panel["targets"], columns)}
    if len(columns) == 1:
        names = {"Value": columns[0]["name"]}
    order = {name: place for place, name in enumerate([*keys, *names])}
    panel["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": {"Time": True}, "indexByName": order, "renameByName": names}}]
    overrides = panel["fieldConfig"]["overrides"]
    for c in columns:
        properties = {"unit": c["unit"]}
        if c["decimals"] is not None:
            properties["decimals"] = c["decimals"]
        if c["levels"]:
            properties |= {"custom.cellOptions": {"type": "color-text"}, "thresholds": _steps(c["levels"])}
        overrides.append(_override("byName", c["name"], properties))
    if links:
        overrides.append(_override("byName", "queue", {"links": list(links)}))
    return panel


def link(title, url):
    return {"title": title, "url": url, "targetBlank": True}


def labels(name, label, query, values_of, everything=".*"):
    """A variable with the values that a label has, several at once or all of them: `everything` is what All matches (None:
    the values themselves)."""
    expr = f"label_values({query}, {values_of})"
    return {"type": "query", "name": name, "label": label, "datasource": SOURCE, "definition": expr,
            "query": {"qryType": 1, "query": expr, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "refresh": 2, "sort": 1, "multi": True, "includeAll": True, "allValue": everything,
            "current": {"selected": True, "text": ["All"], "value": ["$__all"]}, "options": [], "hide": 0, "regex": ""}


def choice(name, label, values, chosen):
    options = [{"selected": value == chosen, "text": value, "value": value} for value in values]
    return {"type": "custom", "name": name, "label": label, "query": ",".join(values), "multi": False, "includeAll": False,
            "current": {"selected": True, "text": chosen, "value": chosen}, "options": options, "hide": 0}


def textbox(name, label, value):
    current = {"selected": True, "text": value, "value": value}
    return {"type": "textbox", "name": name, "label": label, "query": value, "current": current, "options": [current], "hide": 0}


def _data_source(uid):
    return {"type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus", "refresh": 1, "regex": "",
            "multi": False, "includeAll": False, "current": {"selected": True, "text": "floorwatch", "value": uid},
            "options": [], "hide": 0}


def board(uid, title, says, variables, rows, source, since="now-3h", refresh="5s", links=()):
    """`rows`: (height, [(width, panel), ...]). `source`: the data source's uid that is chosen at first."""
    panels, y = [], 0
    for height, places in rows:
        x = 0
        for width, panel in places:
            panels.append({"id": len(panels) + 1, **panel, "gridPos": {"h": height, "w": width, "x": x, "y": y}})
            x += width
        assert x <= 24, f"{title}: a row is {x} columns wide"
        y += height
    others = {"type": "dashboards", "title": "floorwatch", "tags": ["floorwatch"], "asDropdown": True, "includeVars": True,
              "keepTime": True, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}
    more = [{"type": "link", "title": each["title"], "url": each["url"], "targetBlank": True, "icon": "doc", "tooltip": "",
             "tags": [], "asDropdown": False, "includeVars": False, "keepTime": False} for each in links]
    return {"uid": uid, "title": title, "description": says, "tags": ["floorwatch"], "schemaVersion": 39, "version": 1,
            "editable": True, "graphTooltip": 1, "timezone": "browser", "refresh": refresh, "time": {"from": since, "to": "now"},
            "links": [others, *more], "annotations": {"list": []},
            "templating": {"list": [_data_source(source), *variables]}, "panels": panels}
