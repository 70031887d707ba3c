using Microsoft.EntityFrameworkCore;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Quotas that the pool cannot meet: three women are asked for, and there are two.</summary>
public sealed class TakingASuggestion : IAsyncLifetime
{
    private const string Quotas = "feature,value,min,max,min_flex,max_flex\nGender,Woman,3,4,1,4\nGender,Man,0,1,0,3\nAge,young,0,4,0,4\nAge,old,0,4,0,4\n";
    private const string Pool = "id,Gender,Age\n1,Woman,young\n2,Woman,old\n3,Man,young\n4,Man,old\n5,Man,old\n6,Man,young\n";
    private readonly TestServer server = new();
    private Organiser? organiser;

    private Organiser Ada => organiser!;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        organiser = await Organiser.ArriveAsync(server, "ada@example.org");
        await Ada.BeginAsync("town", 4);
        await Ada.PostAsync((await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas))).Path + "/confirm");
        Page page = await Ada.PostAsync((await Ada.UploadAsync("/organise/town/pool/upload", "pool.csv", Corpus.Utf8(Pool))).Path + "/confirm");
        Assert.EndsWith("/pool?notice=imported", page.Path, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        organiser?.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_page_says_what_is_in_conflict_and_what_each_way_out_would_give()
    {
        Page page = await Ada.OpenAsync("/organise/town/quotas");
        Assert.Contains("This rule alone cannot be kept by the people in the pool:", page.Text, StringComparison.Ordinal);
        Assert.Contains("at least 3", page.Text, StringComparison.Ordinal);

        // Both women and two of four men: the least likely have one in two.
        Assert.Contains("2 to 4 (now 3 to 4)", page.Text, StringComparison.Ordinal);
        Assert.Contains("0 to 2 (now 0 to 1)", page.Text, StringComparison.Ordinal);
        Assert.Contains("at most 50.0", page.Text, StringComparison.Ordinal);
        Assert.Contains("One person fewer on the panel.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("quotas/undo", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_of_changes_is_taken_with_one_click_and_taken_back_with_another()
    {
        string[] before = await QuotasAsync();
        Page taken = await Ada.PostAsync("/organise/town/quotas/apply", ("value", "alternative-0"));
        Assert.EndsWith("?notice=applied", taken.Path, StringComparison.Ordinal);
        Assert.Equal(["Woman 2 4 1 4", "Man 0 2 0 3", "young 0 4 0 4", "old 0 4 0 4"], await QuotasAsync());
        Assert.Contains("quotas/undo", taken.Html, StringComparison.Ordinal);

        Page back = await Ada.PostAsync("/organise/town/quotas/undo");
        Assert.EndsWith("?notice=undone", back.Path, StringComparison.Ordinal);
        Assert.Equal(before, await QuotasAsync());
        Assert.DoesNotContain("quotas/undo", back.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_since_is_not_undone()
    {
        await Ada.PostAsync("/organise/town/quotas/apply", ("value", "all"));
        Page preview = await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas.Replace("Man,0,1", "Man,0,3", StringComparison.Ordinal)));
        await Ada.PostAsync(preview.Path + "/confirm");
        string[] changed = await QuotasAsync();
        Assert.EndsWith("?problem=nothing-to-undo", (await Ada.PostAsync("/organise/town/quotas/undo")).Path, StringComparison.Ordinal);
        Assert.Equal(changed, await QuotasAsync());
    }

    [Fact]
    public async Task A_set_that_is_not_there_and_a_size_that_does_not_help_are_refused()
    {
        string[] before = await QuotasAsync();
        foreach (string value in (string[])["alternative-9", "alternative--1", "alternative-", "OneMore", "OneFewer", "Merge", ""])
        {
            Assert.EndsWith("?problem=nothing-to-apply", (await Ada.PostAsync("/organise/town/quotas/apply", ("value", value))).Path, StringComparison.Ordinal);
        }

        Assert.Equal(before, await QuotasAsync());
        Assert.Equal(4, await PlannedAsync());
    }

    [Fact]
    public async Task One_person_fewer_is_planned_where_that_helps_and_planned_again_after_undoing()
    {
        // At most two women and one man: three seats of four.
        await Ada.PostAsync((await Ada.UploadAsync("/organise/town/quotas/upload", "quotas.csv", Corpus.Utf8(Quotas.Replace("Woman,3,4", "Woman,2,2", StringComparison.Ordinal)))).Path + "/confirm");
        Assert.Contains("Plan with 3 people", (await Ada.OpenAsync("/organise/town/quotas")).Text, StringComparison.Ordinal);
        await Ada.PostAsync("/organise/town/quotas/apply", ("value", "OneFewer"));
        Assert.Equal(3, await PlannedAsync());
        await Ada.PostAsync("/organise/town/quotas/undo");
        Assert.Equal(4, await PlannedAsync());
    }

    private Task<string[]> QuotasAsync() => server.WithDbAsync<string[]>(async db =>
        [.. (await db.Criteria.Include(criterion => criterion.Values).OrderBy(criterion => criterion.Position).ToListAsync())
            .SelectMany(criterion => criterion.Values.OrderBy(value => value.Position)).Select(value => $"{value.Name} {value.Min} {value.Max} {value.MinFlex} {value.MaxFlex}")]);

    private Task<int> PlannedAsync() => server.WithDbAsync(async db => (await db.Sites.SingleAsync()).PlannedParticipants);
}
