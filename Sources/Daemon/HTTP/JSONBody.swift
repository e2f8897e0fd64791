import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import Topology

/// Reads and writes the JSON bodies of the API.
enum JSONBody {
    /// The largest body that is read, in bytes.
    static let largest = 1 << 20

    /// A value as JSON, keys sorted so that the same value is always the same bytes.
    static func bytes(_ value: some Encodable) throws(DaemonError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try [UInt8](encoder.encode(value))
        } catch {
            throw DaemonError(.defect, "encode \(type(of: value)): \(error)")
        }
    }

    /// A value from JSON; `what` names the thing in the error.
    static func value<Value: Decodable>(
        _ type: Value.Type, from bytes: some Sequence<UInt8>, what: String
    ) throws(DaemonError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw DaemonError(.invalid, "read \(what): \(error.sentence)")
        } catch let error as TopologyError {
            throw DaemonError(.invalid, "read \(what): \(error)", type: "topology", problems: error.problems)
        } catch {
            throw DaemonError(.invalid, "read \(what): \(error)")
        }
    }

    /// The body of `request` as a value.
    ///
    /// Throws 415 for a type that is not JSON, 413 above `largest`, 408 when it does not arrive within `limit`, and
    /// 400 when it is not JSON or a field cannot be.
    static func read<Value: Decodable>(
        _ type: Value.Type, from request: Request, what: String, within limit: Duration
    ) async throws -> Value {
        guard MediaTypes.reads(contentType: request.headers[.contentType]) else {
            throw DaemonError(
                .unsupportedType,
                "read \(what): a body of type \(request.headers[.contentType] ?? "") is not read, only application/json"
            )
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > largest {
            throw DaemonError(.tooLarge, "read \(what): the body has \(length) bytes, the most is \(largest)")
        }
        let late = DaemonError(.slowClient, "read \(what): the body did not arrive within \(limit)")
        let buffer = try await within(limit, else: late) {
            do {
                return try await request.body.collect(upTo: largest)
            } catch is NIOTooManyBytesError {
                throw DaemonError(.tooLarge, "read \(what): the body has more than \(largest) bytes")
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                throw DaemonError(.invalid, "read \(what): the body broke off: \(error)")
            }
        }
        guard buffer.readableBytes > 0 else { throw DaemonError(.invalid, "read \(what): the body is empty") }
        return try value(type, from: buffer.readableBytesView, what: what)
    }

    /// An answer of `status` with `value` as its body.
    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws(DaemonError) -> Response {
        response(bytes: try bytes(value), status: status)
    }

    /// An answer of `status` with a body that is JSON already.
    static func response(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// What is answered where there is nothing to say.
    static let null = Array("null".utf8)
}

extension TopologyError {
    /// Each error, for the list in an answer.
    var problems: [Problem] { all.map { Problem(field: $0.field, problem: $0.problem) } }
}

extension DecodingError {
    /// What is wrong and where, as part of a sentence.
    var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "field \(Self.path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context):
            "field \(Self.path(context.codingPath)) is of the wrong type (\(context.debugDescription))"
        case .valueNotFound(_, let context):
            "field \(Self.path(context.codingPath)) is null"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            "malformed json (\(context.underlyingError.map { "\($0)" } ?? context.debugDescription))"
        case .dataCorrupted(let context):
            "field \(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var text = ""
        for key in keys {
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return text.isEmpty ? "at the top" : text
    }
}
