import AWS
import Topology

extension FirstTopology {
    /// The topology itself, nil when there is none; asks the instance's metadata where that is needed.
    ///
    /// Throws when the metadata does not tell, or the region and the zones do not fit together.
    func resolve(_ metadata: InstanceMetadata) async throws(DaemonError) -> InitialTopology? {
        switch self {
        case .none: return nil
        case .document(let initial): return initial
        case .aws(let region?, let zones, _) where !zones.isEmpty: return try built(region, zone: nil)
        case .aws(let region, _, _):
            guard let region else {
                let place: InstancePlace
                do throws(AWSError) {
                    place = try await metadata.place()
                } catch {
                    throw DaemonError(
                        .unavailable,
                        "find out the AWS region, which neither --aws-region nor AWS_REGION names: \(error)")
                }
                return try built(place.region, zone: place.zone)
            }
            // A region was given, so an instance that cannot be asked is no reason to fail.
            let zone = (try? await metadata.place()).flatMap { $0.region == region ? $0.zone : nil }
            return try built(region, zone: zone)
        }
    }

    private func built(_ region: String, zone: String?) throws(DaemonError) -> InitialTopology {
        do throws(TopologyError) {
            return try inRegion(region, zone: zone)
        } catch {
            throw DaemonError(.invalid, "make the topology of AWS region \(region): \(error)", type: "topology")
        }
    }

    /// The built-in topology of a region; without zones given, those that the region is known to have and `zone`.
    func inRegion(_ region: String, zone: String?) throws(TopologyError) -> InitialTopology {
        guard case .aws(_, let given, let overrides) = self else {
            throw TopologyError(field: "region \(region)", problem: "the cluster is not in AWS")
        }
        if !given.isEmpty {
            // A zone may be given by its letter.
            let zones = given.map { $0.utf8.count == 1 ? region + $0 : $0 }
            return try InitialTopology(.aws(region: region, zones: zones), overrides: overrides)
        }
        var zones = Set(Self.usualZones(of: region).map { region + String($0) })
        if let zone { zones.insert(zone) }
        let assumed = zones.sorted()
        return try InitialTopology(
            .aws(region: region, zones: assumed), overrides: overrides,
            warnings: [
                "the zones of \(region) are taken to be \(assumed.joined(separator: ", ")): hosts in others will get no "
                    + "addresses; --aws-zones names them before the first start, POST /topology adds them later"
            ])
    }

    /// The letters of the zones that accounts see in a region.
    ///
    /// Which they are differs by account, and only the EC2 API tells, which wants credentials.
    private static func usualZones(of region: String) -> String {
        switch region {
        case "us-east-1": "abcdef"
        case "us-west-2", "ap-northeast-2": "abcd"
        case "ap-northeast-1": "acd"
        case "ca-central-1": "abd"
        default: "abc"
        }
    }
}
