import Addresses

/// Profiles are shared and counted: they, their chains and the numbers they use come with the first user and go with the
/// last.
extension NodePolicies {
    /// One more user of a profile, which is made of `statements` if it is new.
    mutating func retain(_ key: ProfileKey, _ statements: [PolicyStatement]) {
        if profiles[key] != nil {
            profiles[key]?.users += 1
            return
        }
        var compiler = ProfileCompiler(
            key.direction, families: key.families, ports: key.ports, numbering: numbering)
        // With two owners the first number that is given would copy all of them.
        numbering = SetNumbers()
        let profile = compiler.compile(statements)
        numbering = compiler.numbering
        profiles[key] = Compiled(profile: profile, users: 1)
        guard let profile else { return }
        for group in profile.groups { groupUsers[group, default: 0] += 1 }
        for number in profile.numbers { retain(number) }
        for set in profile.ranges {
            if ranges[set.name] == nil {
                ranges[set.name] = (set, 0)
                if let place = change.removedRanges.firstIndex(of: set.name) {
                    change.removedRanges.remove(at: place)
                } else {
                    change.addedRanges.append(set)
                }
            }
            ranges[set.name]?.users += 1
        }
        for chain in profile.parts + [profile.chain] {
            if chains[chain.name] == nil {
                chains[chain.name] = (chain, 0)
                if let place = change.removedChains.firstIndex(of: chain.name) {
                    change.removedChains.remove(at: place)
                } else {
                    change.addedChains.append(chain)
                }
            }
            chains[chain.name]?.users += 1
        }
    }

    /// One user less.
    mutating func release(_ key: ProfileKey) {
        guard var compiled = profiles[key] else { return }
        compiled.users -= 1
        profiles[key] = compiled.users > 0 ? compiled : nil
        guard compiled.users == 0, let profile = compiled.profile else { return }
        for chain in [profile.chain] + profile.parts {
            guard let users = chains[chain.name]?.users else { continue }
            chains[chain.name]?.users = users - 1
            guard users == 1 else { continue }
            chains[chain.name] = nil
            if let place = change.addedChains.firstIndex(where: { $0.name == chain.name }) {
                change.addedChains.remove(at: place)
            } else {
                change.removedChains.append(chain.name)
            }
        }
        for set in profile.ranges {
            guard let users = ranges[set.name]?.users else { continue }
            ranges[set.name]?.users = users - 1
            guard users == 1 else { continue }
            ranges[set.name] = nil
            if let place = change.addedRanges.firstIndex(of: set) {
                change.addedRanges.remove(at: place)
            } else {
                change.removedRanges.append(set.name)
            }
        }
        for number in profile.numbers { release(number) }
        for group in profile.groups {
            groupUsers[group, default: 0] -= 1
            if groupUsers[group] == 0 { groupUsers[group] = nil }
        }
    }

    private mutating func retain(_ number: UInt32) {
        numberUsers[number, default: 0] += 1
        guard numberUsers[number] == 1, let meaning = numbering[number] else { return }
        numbersOfGroup[meaning.group, default: []].insert(number)
        for (address, ports) in groups[meaning.group]?.members ?? GroupMembers() {
            add(number, meaning, address, ports)
        }
    }

    private mutating func release(_ number: UInt32) {
        numberUsers[number, default: 0] -= 1
        guard numberUsers[number] == 0, let meaning = numbering[number] else { return }
        numberUsers[number] = nil
        for (address, ports) in groups[meaning.group]?.members ?? GroupMembers() {
            remove(number, meaning, address, ports)
        }
        numbersOfGroup[meaning.group]?.remove(number)
        if numbersOfGroup[meaning.group]?.isEmpty == true { numbersOfGroup[meaning.group] = nil }
        numbering.release(number)
    }
}
