using Polyphony.Sheets;
using static Polyphony.Tests.Sheets.Reading;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingAPool
{
    private static readonly QuotaCriterion[] Criteria =
    [
        new("Gender", [new("Woman", 1, 9, null, null, null), new("Man", 1, 9, null, null, null)]),
        new("Âge", [new("16–29", 1, 9, null, null, null), new("30+", 1, 9, null, null, null)]),
    ];

    [Fact]
    public void The_mapping_is_guessed_from_english_and_french_headers()
    {
        PoolMapping mapping = PoolMapping.Suggest(Table("Identifiant;Nom complet;Courriel;Langue;Adresse;Code postal;gender;ÂGE;remark\n"), Criteria);
        Assert.Equal(("Identifiant", "Nom complet", "Courriel", "Langue"), (mapping.Id, mapping.Name, mapping.Contact, mapping.Language));
        Assert.Equal(["Adresse", "Code postal"], mapping.Household);
        Assert.Equal(["gender", "ÂGE"], mapping.Criteria);
    }

    [Fact]
    public void People_are_read_with_the_positions_of_their_values()
    {
        PoolReading reading = Read("id,name,email,language,gender,âge\n7,Zoé,zoe@example.org,FR,WOMAN,30+\n8,,,,man,16–29\n");
        Assert.Empty(reading.Problems);
        Assert.Equal((2, "7", "Zoé", "zoe@example.org", "fr"), (reading.People[0].Row, reading.People[0].Id, reading.People[0].Name, reading.People[0].Email, reading.People[0].Language));
        Assert.Equal([0, 1], reading.People[0].Values);
        Assert.Equal([1, 0], reading.People[1].Values);
        Assert.Null(reading.People[1].HouseholdKey);
    }

    [Fact]
    public void Households_compare_as_tuples_and_blank_ones_are_ones_own()
    {
        PoolReading reading = Read("id,adresse,code postal,gender,âge\n1,Rue A 1,1000,man,30+\n2, rue  a 1 ,1000,man,30+\n3,Rue A 1,,man,30+\n4,,1000,man,30+\n5,,,man,30+\n6,,,man,30+\n");
        string?[] keys = [.. reading.People.Select(person => person.HouseholdKey)];
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Null(keys[4]);
        Assert.Null(keys[5]);
        Assert.Equal("Rue A 1\n1000", reading.People[0].Address);
    }

    [Fact]
    public void Two_columns_never_run_together_into_one_household()
    {
        PoolReading reading = Read("id,adresse,code postal,gender,âge\n1,AB,C,man,30+\n2,A,BC,man,30+\n");
        Assert.NotEqual(reading.People[0].HouseholdKey, reading.People[1].HouseholdKey);
    }

    [Fact]
    public void All_problems_come_at_once_with_row_column_value_and_what_would_be_right()
    {
        PoolReading reading = Read($"id,name,email,language,gender,âge\n1,A,not mail,french,womn,\n1,{new string('n', 201)},,,man,30+\n,B,,,man,30+\n");
        Assert.Empty(reading.People);
        Assert.Equal(
            [("unknown-value", 2, "gender"), ("empty", 2, "âge"), ("not-an-email", 2, "email"), ("not-a-language", 2, "language"), ("id-twice", 3, "id"), ("cell-too-long", 3, "name"), ("empty", 4, "id")],
            reading.Problems.Select(problem => (problem.Code, problem.Row!.Value, problem.Column!)));
        Assert.Equal(("womn", "Woman, Man"), (reading.Problems[0].Value, reading.Problems[0].Expected));
        Assert.Equal("2", reading.Problems[4].Expected);
    }

    [Fact]
    public void Columns_that_are_not_there_are_told_before_any_row()
    {
        Sheet sheet = Table("id,gender\n1,man\n");
        PoolReading reading = PoolSheet.Read(sheet, new("id", "", "", "", ["street"], ["gender"]), Criteria);
        Assert.Equal([("column-missing", "street"), ("column-missing", "Âge")], reading.Problems.Select(problem => (problem.Code, problem.Column!)));
        Assert.Equal(["no-rows"], Read("id,gender,âge\n").Problems.Select(problem => problem.Code));
    }

    [Fact]
    public void Beyond_two_hundred_problems_only_their_number_is_told()
    {
        PoolReading reading = Read("id,gender,âge\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},x,30+\n")));
        Assert.Equal(SheetProblem.MostListed, reading.Problems.Count);
        Assert.Equal(300, reading.ProblemCount);
    }

    [Fact]
    public void Without_an_id_column_rows_are_numbered() => Assert.Equal(["1", "2"], Read("gender,âge\nman,30+\n\nman,30+\n").People.Select(person => person.Id));

    private static PoolReading Read(string text)
    {
        Sheet sheet = Table(text);
        return PoolSheet.Read(sheet, PoolMapping.Suggest(sheet, Criteria), Criteria);
    }
}
