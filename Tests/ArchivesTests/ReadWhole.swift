import Archives
import Digests
import TestSupport

/// What a whole pass over an archive gives.
struct ZipReading {
    var contents: [(name: String, bytes: [UInt8])] = []
    var digest: SHA256Digest
    var streamed: Set<String> = []
}

/// Reads a whole archive as the installer does: directory, then one pass over all bytes.
func readWhole(_ source: some ByteSource, streaming: Bool = false, keepingContents: Bool = true) throws
    -> ZipReading
{
    let workspace = InflateWorkspace()
    let directory = try ZipDirectory.read(from: source)
    var stream = ZipStream(source, directory: directory, workspace: workspace)
    var reading = ZipReading(digest: SHA256.hash([]))
    reading.digest = try stream.run { entry, contents in
        var bytes: [UInt8] = []
        if contents.fitsInMemory(), !streaming {
            bytes = try Array(contents.whole())
        } else {
            reading.streamed.insert(entry.name)
            try contents.stream { if keepingContents { bytes += $0 } }
        }
        reading.contents.append((entry.name, bytes))
    }
    return reading
}
