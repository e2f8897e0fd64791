package import LinuxSystem

/// Something that the kernel is told to do, in words and in requests.
package protocol NetlinkOrder: CustomStringConvertible {
    /// Appends the requests of this order; `owner` is its place among those that go out together.
    func encode(into buffer: RequestBuffer, owner: Int) throws(Errno)
}
