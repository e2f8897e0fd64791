"""moto's server, with what our duties need of EC2 and moto does not have: server.py HOST PORT [ROUTES-PER-TABLE]"""

import sys

from moto.core.exceptions import ServiceException
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.route_tables import RouteBackend
from moto.server import main


class RouteLimitExceeded(ServiceException):
    code = "RouteLimitExceeded"
    message = "The maximum number of routes has been reached."


def filter_value(self, name, method=None, usual=NetworkInterface.get_filter_value):
    if name == "source-dest-check":
        return str(self.source_dest_check).lower()
    return usual(self, name, method)


def create_route(self, route_table_id, *arguments, usual=RouteBackend.create_route, **named):
    routes = self.get_route_table(route_table_id).routes
    if len(routes) >= limit:
        raise RouteLimitExceeded()
    return usual(self, route_table_id, *arguments, **named)


host, port, limit = sys.argv[1], sys.argv[2], int((sys.argv + ["500"])[3])
NetworkInterface.get_filter_value = filter_value
RouteBackend.create_route = create_route
main(["-H", host, "-p", port])
