import AWS
import Synchronization

/// EC2 as far as the duty `aws` needs it, which counts its calls and fails when a test says so.
final class CloudInSmall: EC2Service {
    private struct State {
        var instances: [String: EC2Instance] = [:]
        var calls: [String] = []
        var failure: (@Sendable (String) -> AWSError?)?
    }

    private let state = Mutex(State())

    /// Actions and what they were about, in order.
    var calls: [String] { state.withLock(\.calls) }

    func forgetCalls() { state.withLock { $0.calls = [] } }

    /// Says which calls fail, by action and object: `ModifyNetworkInterfaceAttribute eni-1`.
    func fail(_ failure: (@Sendable (String) -> AWSError?)?) { state.withLock { $0.failure = failure } }

    func add(_ instance: EC2Instance) { state.withLock { $0.instances[instance.id] = instance } }

    /// An instance with interfaces in places 0, 1 and so on; each has the check on.
    func addInstance(_ id: String, interfaces: Int = 1, vpcID: String = "vpc-1") {
        add(
            EC2Instance(
                id: id, vpcID: vpcID,
                networkInterfaces: (0..<interfaces).map {
                    EC2NetworkInterface(id: "eni-\($0)-\(id)", instanceID: id, deviceIndex: $0, vpcID: vpcID)
                }))
    }

    /// The interfaces whose check is on.
    var checked: Set<String> {
        state.withLock { state in
            Set(state.instances.values.flatMap(\.networkInterfaces).filter(\.sourceDestCheck).map(\.id))
        }
    }

    private func call(_ text: String) throws(AWSError) {
        let failure = state.withLock { state in
            state.calls.append(text)
            return state.failure
        }
        if let error = failure?(text) { throw error }
    }

    func instances(ids: [String]) throws(AWSError) -> [EC2Instance] {
        // As many calls as the client makes.
        for _ in 0..<((ids.count + 199) / 200) { try call("DescribeInstances") }
        return state.withLock { state in ids.compactMap { state.instances[$0] } }
    }

    func networkInterfaces(_ filter: EC2NetworkInterfaceFilter) throws(AWSError) -> [EC2NetworkInterface] {
        try call("DescribeNetworkInterfaces \(filter.vpcID ?? "")")
        return state.withLock { state in
            state.instances.values.flatMap(\.networkInterfaces).filter {
                $0.vpcID == filter.vpcID && $0.sourceDestCheck == filter.sourceDestCheck
            }
        }
    }

    func setSourceDestCheck(_ isOn: Bool, ofNetworkInterface id: String) throws(AWSError) {
        try call("ModifyNetworkInterfaceAttribute \(id)")
        set(isOn, id)
    }

    /// Somebody changes it by hand.
    func set(_ isOn: Bool, _ id: String) {
        state.withLock { state in
            for (key, instance) in state.instances {
                for (index, interface) in instance.networkInterfaces.enumerated() where interface.id == id {
                    state.instances[key]?.networkInterfaces[index].sourceDestCheck = isOn
                }
            }
        }
    }

    // MARK: - What the duty does not need

    private let foreign = AWSError(.denied, "the duty has no business with that")

    func routeTables(_ filter: EC2RouteTableFilter) throws(AWSError) -> [EC2RouteTable] { throw foreign }
    func subnets(_ filter: EC2SubnetFilter) throws(AWSError) -> [EC2Subnet] { throw foreign }
    func createRoute(_ request: EC2RouteRequest) throws(AWSError) { throw foreign }
    func replaceRoute(_ request: EC2RouteRequest) throws(AWSError) { throw foreign }
    func deleteRoute(_ destination: EC2Route.Destination, fromTable table: String) throws(AWSError) { throw foreign }
}
