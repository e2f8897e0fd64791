/// What is asked of EC2 by whoever keeps a cluster's network in order.
///
/// Throttling, pages and passing troubles are the service's own business: an error is what is left after that.
public protocol EC2Service: Sendable {
    /// The instances of these ids, in no order; ids that EC2 does not know are left out.
    func instances(ids: [String]) async throws(AWSError) -> [EC2Instance]

    /// The interfaces that are selected, in no order.
    func networkInterfaces(_ filter: EC2NetworkInterfaceFilter) async throws(AWSError) -> [EC2NetworkInterface]

    /// Has an interface carry packets of and for addresses that are not its own, or not any more.
    func setSourceDestCheck(_ isOn: Bool, ofNetworkInterface id: String) async throws(AWSError)

    /// The route tables that are selected, with all their routes, in no order; ids that EC2 does not know are left out.
    func routeTables(_ filter: EC2RouteTableFilter) async throws(AWSError) -> [EC2RouteTable]

    /// The subnets that are selected, in no order.
    func subnets(_ filter: EC2SubnetFilter) async throws(AWSError) -> [EC2Subnet]

    /// Adds a route; fails with `exists` if the table has one of the destination, and with `limit` if it is full.
    func createRoute(_ request: EC2RouteRequest) async throws(AWSError)

    /// Gives a route of the table another target; fails with `notFound` if the table has none of the destination.
    func replaceRoute(_ request: EC2RouteRequest) async throws(AWSError)

    /// Takes a route away; fails with `notFound` if the table has none of the destination.
    func deleteRoute(_ destination: EC2Route.Destination, fromTable table: String) async throws(AWSError)
}
