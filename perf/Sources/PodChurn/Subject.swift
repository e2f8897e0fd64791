/// Something that attaches pods, measured by the same driver as all the others.
protocol Subject: Sendable {
    var name: String { get }

    /// The namespace that plays the node for this subject alone.
    var node: Node { get }

    /// The work of attaching; everything that need not be measured is prepared here.
    func adding(_ attachments: [Attachment]) throws -> Job

    /// Reads the answer to one ADD, after the measurement.
    func attached(_ attachment: Attachment, _ outcome: Outcome) throws -> Attached

    /// The work of detaching.
    func deleting(_ attached: [Attached]) throws -> Job
}

/// What one measured step left behind.
struct Outcome: Sendable {
    let span: Span
    var output: [UInt8] = []
    var linkIndex: UInt32 = 0
}

/// Steps of one kind, to be done by several threads.
struct Job: Sendable {
    let count: Int

    /// Called once by every thread, inside the node's namespace; gives what does step number i.
    let worker: @Sendable () throws -> (Int) throws -> Outcome
}
