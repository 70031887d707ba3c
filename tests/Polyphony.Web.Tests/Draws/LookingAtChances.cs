using System.Text.RegularExpressions;
using Polyphony.Storage.Draws;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>Everybody's chance, page by page.</summary>
public sealed partial class LookingAtChances(TestServer server)
{
    [Fact]
    public async Task People_stand_in_the_order_asked_for_and_are_found_by_name_or_number()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "chances");
        LotteryResult result = DrawDesk.Result(await town.ComputeAsync())!;
        int[] counts = [.. result.Counts.Order()];
        IReadOnlyList<(string Name, int Count)> least = await RowsAsync(town, "");
        Assert.Equal(counts, least.Select(row => row.Count));
        Assert.Equal(["Name-006", "Name-007"], least.TakeLast(2).Select(row => row.Name));
        IReadOnlyList<(string Name, int Count)> greatest = await RowsAsync(town, "?first=greatest");
        Assert.Equal(counts.Reverse(), greatest.Select(row => row.Count));
        Assert.Equal(["Name-006", "Name-007"], greatest.Take(2).Select(row => row.Name));

        Assert.Equal([least.Single(row => row.Name == "Name-003")], await RowsAsync(town, "?q=ID-003"));
        Assert.Equal([greatest[1]], await RowsAsync(town, "?first=greatest&q=n%C3%A3me-007"));
        Assert.Empty(await RowsAsync(town, "?q=nobody"));

        // A page beyond the last one is the last one.
        Assert.Equal(least, await RowsAsync(town, "?page=9"));
    }

    private static async Task<IReadOnlyList<(string Name, int Count)>> RowsAsync(DrawTown town, string query) =>
    [
        .. RowPattern().Matches((await town.Organiser.OpenAsync(town.Draw + "/chances" + query)).Html).Select(row => (row.Groups[1].Value, int.Parse(row.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex("""<th scope="row"><bdi>([^<]*)</bdi></th>\s*<td class="n">[^<]*</td>\s*<td class="n">(\d+)""")]
    private static partial Regex RowPattern();
}
