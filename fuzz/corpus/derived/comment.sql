-- what a row is
--
-- it goes on
SELECT 1 -- end