"""The overview of a province: charts of its queue, weeks, money, capacity and times, for those who may read the figures."""

from clients.gateway.overview import figures

BLUEPRINTS = (figures.BLUEPRINT,)
