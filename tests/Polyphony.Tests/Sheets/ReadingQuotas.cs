using Polyphony.Sheets;
using static Polyphony.Tests.Sheets.Reading;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingQuotas
{
    [Theory]
    [InlineData("feature,value,min,max")]
    [InlineData("Category;Name;MIN;Max")]
    [InlineData("category\tfeature\tmin\tmax")]
    public void Each_header_of_the_field_is_understood(string header)
    {
        char separator = header.First(c => c is ',' or ';' or '\t');
        QuotaReading reading = Quotas($"{header}\nGender,Woman,4,6\ngender,Man,4,6\nAge,16-29,1,12.0\n".Replace(',', separator));
        Assert.Empty(reading.Problems);
        Assert.Equal(["Gender", "Age"], reading.Criteria.Select(criterion => criterion.Name));
        Assert.Equal(["Woman", "Man"], reading.Criteria[0].Values.Select(value => value.Name));
        Assert.Equal((1, 12), (reading.Criteria[1].Values[0].Min, reading.Criteria[1].Values[0].Max));
    }

    [Fact]
    public void Flexibility_and_targets_are_read_and_other_columns_named()
    {
        QuotaReading reading = Quotas("feature;value;min;max;min_flex;max_flex;target;remark\nGender;Woman;4;6;3;8;0,515;x\nGender;Man;4;6;;;;\n");
        Assert.Empty(reading.Problems);
        Assert.Equal(new QuotaValue("Woman", 4, 6, 3, 8, 0.515), reading.Criteria[0].Values[0]);
        Assert.Equal(new QuotaValue("Man", 4, 6, null, null, null), reading.Criteria[0].Values[1]);
        Assert.Equal(["remark"], reading.IgnoredColumns);
    }

    [Fact]
    public void One_number_above_one_puts_the_whole_column_in_per_cent()
    {
        Assert.Equal([0.01, 0.99], Shares("1", "99"));
        Assert.Equal([0.5, 0.5], Shares("50 %", "0.5"));
        Assert.Equal([1, 0], Shares("1", "0"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-0.2")]
    [InlineData("120 %")]
    [InlineData("101")]
    public void What_is_no_share_is_told(string text) => Assert.Equal(["not-a-share"], Quotas($"feature,value,min,max,target\nG,W,1,2,{text}\n").Problems.Select(problem => problem.Code));

    [Fact]
    public void All_problems_come_at_once_each_where_it_is()
    {
        QuotaReading reading = Quotas("feature,value,min,max,min_flex,max_flex\nG,W,5,4,,\nG,w,1,2,,\n,M,1,2,,\nG,,1,2,,\nG,X,a,,,\nG,Y,2,3,3,2\n");
        Assert.Equal(
            [("min-above-max", 2), ("value-twice", 3), ("empty", 4), ("empty", 5), ("not-a-whole-number", 6), ("empty", 6), ("flex-inside", 7), ("flex-inside", 7)],
            reading.Problems.Select(problem => (problem.Code, problem.Row!.Value)));
    }

    [Fact]
    public void Missing_columns_and_rows_are_told()
    {
        Assert.Equal(["column-missing", "column-missing"], Quotas("feature,value,least\nG,W,1\n").Problems.Select(problem => problem.Code));
        Assert.Equal(["header-needs-partner"], Quotas("feature,value,min,max,min_flex\nG,W,1,2,1\n").Problems.Select(problem => problem.Code));
        Assert.Equal(["no-rows"], Quotas("feature,value,min,max\n").Problems.Select(problem => problem.Code));
    }

    [Fact]
    public void Names_too_long_and_values_too_many_are_told()
    {
        Assert.Equal(["cell-too-long"], Quotas($"feature,value,min,max\nG,{new string('x', 201)},1,2\n").Problems.Select(problem => problem.Code));
        string many = string.Concat(Enumerable.Range(0, 501).Select(i => $"G,v{i},0,1\n"));
        Assert.Equal(["too-many-values"], Quotas("feature,value,min,max\n" + many).Problems.Select(problem => problem.Code));
    }

    private static double?[] Shares(params string[] texts) =>
        [.. Quotas("feature,value,min,max,target\n" + string.Concat(texts.Select((text, i) => $"G,v{i},1,2,{text}\n"))).Criteria[0].Values.Select(value => value.Target)];
}
