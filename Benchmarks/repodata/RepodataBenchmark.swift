import Fetch
import Glibc
import Indexes

/// Loads a channel and follows the dependencies of some packages, as resolving does. Prints one line of JSON:
/// seconds of the wall clock, seconds of the processor, and what was found.
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
        let (start, processor) = (clock.now, processorSeconds())
        let channels = try CondaChannels([arguments[1]], alias: nil, base: ".", fetcher: fetcher)
        _ = try channels.records(named: [], platform: "linux-64")
        let loaded = clock.now
        let records = try channels.reachable(from: Array(arguments[3...]), platform: "linux-64")
        let end = clock.now
        let count = records.values.reduce(0) { $0 + $1.count }
        print(
            """
            {"load": \(seconds(loaded - start)), "closure": \(seconds(end - loaded)), \
            "processor": \(processorSeconds() - processor), "names": \(records.count), "records": \(count)}
            """)
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// Of this process so far.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
