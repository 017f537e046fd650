/// The loader's list of libraries, `/etc/ld.so.cache` (glibc, sysdeps/generic/dl-cache.h).
struct LoaderCache {
    /// Paths by name, in the cache's order.
    private(set) var paths: [String: [String]] = [:]

    /// A cache that is cut short or of another form gives what can be read of it: the default directories
    /// are looked into as well.
    init(_ bytes: [UInt8]) {
        let magic = Array("glibc-ld.so.cache1.1".utf8)
        var base = 0
        if bytes.starts(with: Array("ld.so-1.7.0".utf8)), let count = Self.number(bytes, 12) {
            // The older list comes first, and the newer one at the next multiple of 8.
            base = (16 + min(count, 1 << 20) * 12 + 7) / 8 * 8
        }
        guard base + 48 <= bytes.count, bytes[base..<base + magic.count].elementsEqual(magic),
            let count = Self.number(bytes, base + 20)
        else { return }
        for index in 0..<min(count, 1 << 20) {
            let entry = base + 48 + index * 24
            guard entry + 24 <= bytes.count else { return }
            // Variants for newer processors than the baseline must not be carried.
            guard bytes[(entry + 16)..<(entry + 24)].allSatisfy({ $0 == 0 }),
                let key = Self.number(bytes, entry + 4), let value = Self.number(bytes, entry + 8),
                let name = Self.text(bytes, base + key), let path = Self.text(bytes, base + value)
            else { continue }
            paths[name, default: []].append(path)
        }
    }

    private static func number(_ bytes: [UInt8], _ position: Int) -> Int? {
        guard position >= 0, position + 4 <= bytes.count else { return nil }
        return bytes[position..<position + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ bytes: [UInt8], _ position: Int) -> String? {
        guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else { return nil }
        return String(decoding: bytes[position..<end], as: UTF8.self)
    }
}
