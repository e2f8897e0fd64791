import Addresses
import CNIProtocol

/// One line of the journal: what became of one attachment.
struct JournalEntry: Hashable, Sendable {
    /// The stages of an attachment's life, in order.
    enum Stage: String, Sendable {
        /// An ADD has taken addresses and is about to touch the kernel; found after a crash, it is undone.
        case intent
        /// The pod is wired and has been answered for, or is about to be.
        case live
        /// A DEL has begun; found after a crash, it is finished.
        case leaving
        /// Nothing is left of it.
        case gone
    }

    var stage: Stage
    var attachment: Attachment
    /// When an attachment went, in nanoseconds of the monotonic clock, which runs on while the agent does not.
    var time: UInt64 = 0

    /// One line of JSON with its newline.
    var line: [UInt8] {
        let attachment = attachment
        var members: [(key: String, value: JSONValue)] = [
            (key: "stage", value: .string(stage.rawValue)),
            (key: "id", value: .string(attachment.key.containerID)),
            (key: "if", value: .string(attachment.key.interface)),
        ]
        if stage == .intent || stage == .live {
            members += [
                (key: "net", value: .string(attachment.network)),
                (key: "ns", value: .string(attachment.namespace)),
                (key: "pod", value: .string(attachment.pod)),
                (key: "seg", value: .string(attachment.segment)),
                (key: "path", value: .string(attachment.sandbox)),
                (key: "ino", value: .string(attachment.sandboxIdentity)),
                (key: "mac", value: .string(attachment.mac.description)),
                (key: "idx", value: .number(String(attachment.hostIndex))),
                (key: "mtu", value: .number(String(attachment.mtu))),
                (
                    key: "ips",
                    value: .array(
                        attachment.addresses.map {
                            .array([
                                .string($0.address.description), .string($0.block.description), .string($0.network),
                            ])
                        })
                ),
            ]
            members += extras
        }
        if stage == .gone { members.append((key: "at", value: .number(String(time)))) }
        return JSONValue.object(members).bytes + [UInt8(ascii: "\n")]
    }

    /// What most attachments do not have; lines of older agents have none of it.
    private var extras: [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        if !attachment.portMappings.isEmpty {
            members.append((key: "ports", value: .array(attachment.portMappings.map { $0.json })))
        }
        if let bandwidth = attachment.bandwidth { members.append((key: "bw", value: bandwidth.json)) }
        if let since = attachment.since { members.append((key: "since", value: .number(String(since)))) }
        if attachment.ifbIndex != 0 {
            members.append((key: "ifb", value: .number(String(attachment.ifbIndex))))
        }
        return members
    }

    init(_ stage: Stage, _ attachment: Attachment, time: UInt64 = 0) {
        self.stage = stage
        self.attachment = attachment
        self.time = time
    }

    /// Reads one line; nil when it is not whole, as the last one may be after a crash.
    init?(line: some Collection<UInt8>) {
        guard let value = try? JSONValue(parsing: Array(line)),
            let stage = value["stage"]?.stringValue.flatMap(Stage.init(rawValue:)),
            let id = value["id"]?.stringValue, let interface = value["if"]?.stringValue
        else { return nil }
        self.stage = stage
        time = UInt64(clamping: value["at"]?.intValue ?? 0)
        let key = AttachmentKey(containerID: id, interface: interface)
        let mac = value["mac"]?.stringValue.flatMap { MACAddress($0) }
        attachment = Attachment(
            key: key, network: value["net"]?.stringValue ?? "", namespace: value["ns"]?.stringValue ?? "",
            pod: value["pod"]?.stringValue ?? "", segment: value["seg"]?.stringValue ?? "",
            sandbox: value["path"]?.stringValue ?? "", sandboxIdentity: value["ino"]?.stringValue ?? "",
            veth: key.vethName, hostIndex: UInt32(clamping: value["idx"]?.intValue ?? 0), mac: mac ?? key.podMAC,
            mtu: UInt32(clamping: value["mtu"]?.intValue ?? 0),
            addresses: (value["ips"]?.arrayValue ?? []).compactMap(Attachment.Address.init(json:)),
            portMappings: (value["ports"]?.arrayValue ?? []).compactMap { try? PortMapping($0, field: "ports") },
            bandwidth: value["bw"].flatMap { try? BandwidthLimits($0, field: "bw") },
            ifbIndex: UInt32(clamping: value["ifb"]?.intValue ?? 0),
            since: value["since"]?.intValue.map { Int64($0) })
    }
}

extension Attachment.Address {
    fileprivate init?(json: JSONValue) {
        guard let fields = json.arrayValue, fields.count == 3,
            let address = fields[0].stringValue.flatMap({ IPAddress($0) }),
            let block = fields[1].stringValue.flatMap({ IPPrefix($0) }), let network = fields[2].stringValue
        else { return nil }
        self.init(address: address, block: block, network: network)
    }
}
