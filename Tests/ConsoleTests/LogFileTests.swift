import Failures
import Files
import Glibc
import TestSupport
import Testing
import Workers

@testable import Console

@Suite struct LogFileTests {
    private func text(_ path: String) throws -> String {
        let file = try OpenFile.read(path)
        return String(decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
    }

    @Test func linesHaveTimeProgramAndKind() throws {
        let scratch = TemporaryDirectory()
        let path = scratch.path + "/log"
        let log = try LogFile.open(path, name: "airlift")
        log.append(.info, "Cut payroll.\nBundle digest 12")
        log.append(.error, "it is broken")
        let lines = try text(path).split(separator: "\n")
        #expect(
            lines.map { $0.drop { $0 != " " } } == [
                " airlift[\(getpid())] info: Cut payroll.", " airlift[\(getpid())] info: Bundle digest 12",
                " airlift[\(getpid())] error: it is broken",
            ])
        #expect(lines.allSatisfy { $0.prefix(20).last == "Z" && $0.prefix(20).contains("T") })
    }

    @Test func aLogGrows() throws {
        let scratch = TemporaryDirectory()
        let path = try scratch.write("log", "earlier\n")
        try LogFile.open(path, name: "a").append(.info, "later")
        #expect(try text(path).hasPrefix("earlier\n"))
        #expect(try text(path).hasSuffix("later\n"))
    }

    /// A bundle may name things that would write lines of their own, or move the cursor of who reads the log.
    @Test func nothingForgesALine() throws {
        let scratch = TemporaryDirectory()
        let path = scratch.path + "/log"
        let log = try LogFile.open(path, name: "a")
        log.append(.info, "x\r2026-01-01T00:00:00Z a[1] info: y\u{2028}z\u{1b}[31mred\u{1b}[0m \u{1b}[2J")
        let written = try text(path)
        #expect(written.split(separator: "\n").count == 1)
        #expect(!written.contains("\r") && !written.contains("\u{1b}") && !written.contains("\u{2028}"))
        #expect(written.contains("zred "))
    }

    @Test func linesOfSeveralWritersDoNotMix() throws {
        let scratch = TemporaryDirectory()
        let path = scratch.path + "/log"
        let word = String(repeating: "w", count: 3_000)
        _ = try parallelMap(Array(0..<8), jobs: 8) { writer in
            let log = try LogFile.open(path, name: "a")
            for _ in 0..<50 { log.append(.info, "\(writer)\(word)\(writer)") }
        }
        let lines = try text(path).split(separator: "\n")
        #expect(lines.count == 400)
        #expect(
            lines.allSatisfy { line in
                let said = line.split(separator: " ").last ?? ""
                return said.count == word.count + 2 && said.first == said.last
            })
    }

    @Test func whatIsNoFileIsRefused() throws {
        let scratch = TemporaryDirectory()
        let victim = try scratch.write("victim", "mine\n")
        #expect(symlink(victim, scratch.path + "/link") == 0)
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        for name in ["link", "pipe", "", "missing/log"] {
            let refusal = failure { _ = try LogFile.open("\(scratch.path)/\(name)", name: "a") }
            #expect(refusal?.kind == .inputOutput, "\(name)")
            #expect(refusal?.description.contains("--log-file") == true)
        }
        #expect(try text(victim) == "mine\n")
        #expect(throws: Never.self) { try LogFile.open("/dev/null", name: "a") }
    }

    @Test func aFullDiskStopsNothing() throws {
        let log = try LogFile.open("/dev/full", name: "a")
        log.append(.info, "one")
        log.append(.info, "two")
    }
}
