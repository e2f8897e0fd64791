import CNIProtocol

/// One thing that the doctor looked at, and what there is to do about it.
struct Symptom: Sendable {
    /// How it is.
    enum Outcome: String, Sendable {
        case ok
        /// It works, but not for long or not as it should.
        case warning
        /// Something does not work.
        case failed
        /// It could not be looked at.
        case unknown

        var tone: Tone {
            switch self {
            case .ok: .good
            case .warning, .unknown: .warning
            case .failed: .bad
            }
        }
    }

    /// What it belongs to, such as `kernel`.
    var area: String
    var subject: String
    var outcome: Outcome
    /// What is so.
    var message: String
    /// What to do; empty when nothing is to be done.
    var advice: String

    static func ok(_ area: String, _ subject: String, _ message: String) -> Symptom {
        Symptom(area: area, subject: subject, outcome: .ok, message: message, advice: "")
    }

    static func warning(_ area: String, _ subject: String, _ message: String, do advice: String) -> Symptom {
        Symptom(area: area, subject: subject, outcome: .warning, message: message, advice: advice)
    }

    static func failed(_ area: String, _ subject: String, _ message: String, do advice: String) -> Symptom {
        Symptom(area: area, subject: subject, outcome: .failed, message: message, advice: advice)
    }

    static func unknown(_ area: String, _ subject: String, _ message: String, do advice: String = "") -> Symptom {
        Symptom(area: area, subject: subject, outcome: .unknown, message: message, advice: advice)
    }

    /// For programs.
    var document: JSONValue {
        [
            "area": .string(area), "subject": .string(subject), "outcome": .string(outcome.rawValue),
            "message": .string(message), "advice": .string(advice),
        ]
    }

    /// Rows for people, and below them what to do.
    static func pictures(_ symptoms: [Symptom]) -> [any Picture] {
        var table = Table(
            [.init("Area", .key), .init("Subject", .key), .init("Outcome", .key), .init("What is so")], empty: "")
        for symptom in symptoms {
            table.add([
                .init(symptom.area), .init(symptom.subject), .init(symptom.outcome.rawValue, symptom.outcome.tone),
                .init(symptom.message),
            ])
        }
        let advice = symptoms.filter { !$0.advice.isEmpty }.map { "\($0.area) \($0.subject): \($0.advice)" }
        return [table] + (advice.isEmpty ? [] : [Lines(["What to do:"] + advice.map { "  \($0)" })])
    }
}
