import Files
import TestSupport
import Testing

@testable import Install

/// Names that are one text to Swift and two to the file system, and the other way round.
@Suite struct HostileNamesTests {
    static let site = "lib/python3.11/site-packages"

    @Test func `composed and decomposed forms of a name are two members`() throws {
        let wheel = try HostileWheel(
            WheelBuilder(files: [
                .init("demo/caf\u{e9}.py", "one = 1"), .init("demo/cafe\u{301}.py", "two = 2"),
            ]))
        let files = try wheel.unpack()
        #expect(try wheel.text("\(Self.site)/demo/caf\u{e9}.py") == "one = 1")
        #expect(try wheel.text("\(Self.site)/demo/cafe\u{301}.py") == "two = 2")
        #expect(Set(files.map(\.path)).count == files.count)
        #expect(wheel.conflicts == [])
    }
}
