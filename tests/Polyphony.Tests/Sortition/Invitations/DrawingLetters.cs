using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Proofs;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Tests.Sortition.Invitations;

public sealed class DrawingLetters
{
    [Fact]
    public void Root_and_order_are_those_of_the_plain_library()
    {
        for (int count = 0; count < 40; count++)
        {
            UInt128[] tickets = Tickets(count);
            int[] strata = [.. Enumerable.Range(0, count).Select(i => i % 13)];
            UInt128[] households = [.. Enumerable.Range(0, count).Select(i => (UInt128)(i % 4))];
            int[] ascending = RegisterTickets.Ascending(tickets);
            byte[][] leaves = [.. ascending.Select(row => MerkleTree.LeafHash(CanonicalJson.Serialize(new JsonObject
            {
                ["ticket"] = RegisterTickets.Text(tickets[row]),
                ["stratum"] = strata[row],
                ["household"] = households[row] == 0 ? "" : RegisterTickets.Text(households[row]),
            })))];
            Assert.Equal(MerkleTree.Root(leaves), RegisterTickets.Root(tickets, strata, households, ascending));
            byte[] key = DrawingPlaces.Key(count);
            Assert.Equal(Pd1.Order(key, tickets.Select(RegisterTickets.Text)), RegisterTickets.Order(key, tickets).Select(row => RegisterTickets.Text(tickets[row])));
        }
    }

    [Fact]
    public void A_ticket_follows_from_the_id_as_the_specification_says() =>
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("register\0P1"u8))[..32],
            RegisterTickets.Text(Tickets("P1")[0]));

    [Fact]
    public void Every_row_of_a_stratum_is_as_likely_as_every_other()
    {
        const int runs = 4000;
        UInt128[] tickets = Tickets(20);
        int[] cells = [.. Enumerable.Range(0, 20).Select(i => i < 8 ? 0 : 1)];
        int[] hits = new int[20];
        for (int run = 0; run < runs; run++)
        {
            foreach (int row in LetterDraw.Draw(RegisterTickets.Order(DrawingPlaces.Key(run), tickets), cells, [2, 6], new UInt128[20], []).Rows)
            {
                hits[row]++;
            }
        }

        Assert.Equal(8 * runs, hits.Sum());
        Assert.Equal(2 * runs, hits[..8].Sum());

        // 2 of 8 and 6 of 12; 7 + 11 degrees of freedom at most, 99.9 % point 42.3.
        double statistic = hits.Select((count, i) => Math.Pow(count - (runs * (i < 8 ? 0.25 : 0.5)), 2) / (runs * (i < 8 ? 0.25 : 0.5))).Sum();
        Assert.True(statistic < 42.3, $"{statistic}");
    }

    [Fact]
    public void A_household_gets_one_letter_and_none_after_an_earlier_one()
    {
        UInt128[] tickets = Tickets(30);
        UInt128[] households = [.. Enumerable.Range(0, 30).Select(i => (UInt128)(i / 3))];
        int[] order = RegisterTickets.Order(DrawingPlaces.Key(1), tickets);
        LetterDrawing drawing = LetterDraw.Draw(order, new int[30], [20], households, [5]);
        Assert.Equal(drawing.Rows.Count(row => households[row] != 0), drawing.Rows.Select(row => households[row]).Where(household => household != 0).Distinct().Count());
        Assert.DoesNotContain(drawing.Rows, row => households[row] == 5);

        // Eight households with a letter, and three rows with a household of their own: it cannot be twenty.
        Assert.Equal(11, drawing.Rows.Count);
        Assert.Equal([11], drawing.Drawn);
    }

    [Fact]
    public void The_order_of_rows_changes_nothing()
    {
        UInt128[] tickets = Tickets(60);
        int[] cells = [.. Enumerable.Range(0, 60).Select(i => i % 4)];
        UInt128[] households = [.. Enumerable.Range(0, 60).Select(i => (UInt128)(i / 2))];
        byte[] key = DrawingPlaces.Key(7);
        UInt128[] Drawn(int[] turn)
        {
            UInt128[] turned = [.. turn.Select(row => tickets[row])];
            return [.. LetterDraw.Draw(RegisterTickets.Order(key, turned), [.. turn.Select(row => cells[row])], [3, 4, 5, 6], [.. turn.Select(row => households[row])], []).Rows.Select(row => turned[row])];
        }

        Assert.Equal(Drawn([.. Enumerable.Range(0, 60)]), Drawn([.. Enumerable.Range(0, 60).Reverse()]));
    }

    [Fact]
    public void A_manifest_is_read_back_as_it_was()
    {
        InvitationPlan plan = new(
            40, ["age"], [new("Lyon", ["16–29"], 7, 5, 1250), new("Nice", ["30+"], 9, 9, 1000)],
            new RegisterCommitment("aa", 16, 2, "bb", "", "id", ["street", "zip"], "town"),
            new PlacePlan(PlaceMethod.Given, 0, [new("Lyon", 0, ""), new("Nice", 0, "")], [30, 10]));
        JsonObject manifest = InvitationManifest.Of(plan, [new DrawSource(DrawSourceKind.Beacon, "drand", 0, ["ab"])]);
        byte[] canonical = CanonicalJson.Serialize(manifest);
        InvitationPlan back = InvitationManifest.Read(JsonNode.Parse(canonical)!.AsObject());
        Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(CanonicalJson.Serialize(InvitationManifest.Of(back, [new DrawSource(DrawSourceKind.Beacon, "drand", 0, [])]))));
        Assert.Throws<FormatException>(() => InvitationManifest.Read(new JsonObject { ["kind"] = "panel" }));
        Assert.Throws<FormatException>(() => InvitationManifest.Read(new JsonObject { ["kind"] = "invitation", ["alg"] = "PD1", ["format"] = 1, ["letters"] = "many" }));
    }

    private static UInt128[] Tickets(int count) => Tickets([.. Enumerable.Range(0, count).Select(i => $"P{i}")]);

    private static UInt128[] Tickets(params string[] ids) => RegisterTickets.Of(ids.Length, [], (i, buffer) => Encoding.UTF8.GetBytes(ids[i], buffer));
}
