import Testing

@testable import Duties
