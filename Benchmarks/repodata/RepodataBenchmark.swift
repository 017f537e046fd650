import Conda
import Files

@main struct RepodataBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        let clock = ContinuousClock()
        var count = 0
        for path in arguments.dropFirst() {
            let file = try MappedFile(OpenFile.read(path))
            file.willReadOnce()
            let start = clock.now
            let repodata = try Repodata(file.bytes, name: path) { file.release(first: $0) }
            print(path, repodata.count, clock.now - start)
            count += try repodata.records(named: "python").count
            print(count, clock.now - start)
        }
    }
}
