import Files
import TestSupport

/// The archives that others made to confuse readers, with what their catalogue expects, where they are at hand.
enum CorpusCatalogue {
    struct Row {
        /// In the collection.
        let name: String
        let path: String
        let format: String
        let expected: String

        var bytes: [UInt8] {
            get throws {
                let file = try OpenFile.read(path)
                return try file.bytes(at: 0, count: Int(file.status().size))
            }
        }
    }

    static let directory = SharedData.directory("corpus")
    static var isHere: Bool { directory != nil }

    static func rows() throws -> [Row] {
        guard let directory else { return [] }
        let file = try OpenFile.read(directory + "/CATALOG.tsv")
        let text = String(
            decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Row(
                name: fields[0], path: "\(directory)/\(fields[0])", format: fields[3], expected: fields[4])
        }
    }
}
