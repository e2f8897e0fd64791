import Addresses
import CNIProtocol

/// What an ADD answers for an attachment (CNI spec 1.1, section 5).
struct AttachmentResult {
    let result: CNIResult

    init(_ attachment: Attachment) {
        result = CNIResult(
            interfaces: [
                CNIResult.Interface(
                    name: attachment.veth, mac: Ownership.hostMAC.description, mtu: Int(attachment.mtu)),
                CNIResult.Interface(
                    name: attachment.key.interface, mac: attachment.mac.description, mtu: Int(attachment.mtu),
                    sandbox: attachment.sandbox),
            ],
            ips: attachment.addresses.map {
                CNIResult.IPConfig(
                    address: $0.address, gateway: Ownership.gateway($0.address.family), interface: 1)
            },
            routes: attachment.addresses.map {
                CNIResult.Route(
                    destination: .everything($0.address.family), gateway: Ownership.gateway($0.address.family))
            })
    }
}
