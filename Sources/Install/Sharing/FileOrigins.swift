/// `.airlift/origins` in a prefix: for each line of `.airlift/files`, in its order, what the file was unpacked from.
///
///     12 1700000000     by the manifest's archive number 12 (from 0), with this modification time
///     12 -              a link or a directory of that archive
///     -                 made by the installer
///
/// Of the archives, no list tells times: they stand in tar headers alone. Sharing a file needs its time, since byte
/// code names the time of its source.
public enum FileOrigins {
    public static let path = ".airlift/origins"

    static func encoded(_ list: InstalledFileList) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(list.files.count * 16)
        for file in list.files {
            if let origin = file.origin {
                text.append(contentsOf: String(origin.archive).utf8)
                text.append(UInt8(ascii: " "))
                text.append(contentsOf: (origin.modificationTime.map { String($0) } ?? "-").utf8)
            } else {
                text.append(UInt8(ascii: "-"))
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// The files of the list, each with its origin.
    /// - Throws: `InstallError` of kind `damaged` for lines that are no such, or not as many as files.
    static func apply(
        _ bytes: [UInt8], to list: InstalledFileList, subject: String
    ) throws(InstallError) -> [InstalledFile] {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard lines.count == list.files.count else {
            throw InstallError(
                .damaged, "'\(subject)' has \(lines.count) lines for \(list.files.count) files")
        }
        var files = list.files
        for (index, line) in lines.enumerated() where !line.elementsEqual("-".utf8) {
            guard let origin = parse(line) else {
                throw InstallError(.damaged, "line \(index + 1) of '\(subject)' is malformed")
            }
            files[index].origin = origin
        }
        return files
    }

    private static func parse(_ line: ArraySlice<UInt8>) -> InstalledFile.Origin? {
        let fields = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard fields.count == 2, let archive = Int(String(decoding: fields[0], as: UTF8.self)), archive >= 0
        else { return nil }
        if fields[1].elementsEqual("-".utf8) { return .init(archive: archive, modificationTime: nil) }
        guard let time = Int64(String(decoding: fields[1], as: UTF8.self)) else { return nil }
        return .init(archive: archive, modificationTime: time)
    }
}
