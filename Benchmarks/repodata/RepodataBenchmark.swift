import Fetch
import Glibc
import Indexes

/// Loads a channel and follows the dependencies of some packages, as resolving does: one line of seconds and counts.
@main struct RepodataBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 3 else {
            print("usage: RepodataBenchmark CHANNEL STORE NAME...")
            return
        }
        let store = try ArchiveStore(path: arguments[2])
        let fetcher = Fetcher(store: store, options: FetchOptions(version: "benchmark"))
        let clock = ContinuousClock()
        let start = clock.now
        let channels = try CondaChannels([arguments[1]], alias: nil, base: ".", fetcher: fetcher)
        _ = try channels.records(named: [], platform: "linux-64")
        let loaded = clock.now
        let records = try channels.reachable(from: Array(arguments[3...]), platform: "linux-64")
        let end = clock.now
        let f = fopen("/proc/self/status", "r")!
        var line = [CChar](repeating: 0, count: 300)
        while fgets(&line, 300, f) != nil { let t = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self); if t.hasPrefix("Rss") || t.hasPrefix("VmHWM") { print(t, terminator: "") } }
        print(
            "load", seconds(loaded - start), "closure", seconds(end - loaded), "names", records.count, "records",
            records.values.reduce(0) { $0 + $1.count })
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
